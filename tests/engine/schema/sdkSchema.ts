import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { type Sdk, sdkOf, sdks } from "./places";
import type * as reading from "./reader";
import type { Schema } from "./shape";

/** Where the SDKs are, and where to keep what was read of them. */
export interface SchemaOptions {
    /** Folder of the packages. @default node_modules/@pulumi */
    readonly packages?: string;
    /** Folder of the cache. @default node_modules/.cache/holdfast/schema */
    readonly cache?: string;
}

const modules = join(__dirname, "..", "..", "..", "node_modules");

/** The code that decides what is read: with other code, what was cached no longer counts. */
const readingCode = ["shape", "places", "declarations", "reader"].map(name => join(__dirname, `${name}.ts`));

/**
 * What Pulumi's SDKs for AWS, Google Cloud and Kubernetes declare of types: of resources such as `aws:ec2/vpc:Vpc`, of
 * functions such as `aws:route53/getZone:getZone`, and of providers such as `pulumi:providers:aws`. Objects of Kubernetes
 * that a custom definition describes are open: of them only `apiVersion`, `kind` and `metadata` are known.
 *
 * What was read is kept, a file for each version of an SDK, so that it takes the compiler once.
 *
 * @throws UndeclaredType where no SDK has such a type; UnreadableDeclaration where one is declared in a form that the
 * reader does not know.
 */
export function sdkSchema(types: readonly string[], options: SchemaOptions = {}): Schema {
    const { packages = join(modules, "@pulumi"), cache = join(modules, ".cache", "holdfast", "schema") } = options;
    const wanted = new Map<Sdk, string[]>(sdks.map(sdk => [sdk, []]));
    for (const type of types) {
        wanted.get(sdkOf(type))?.push(type);
    }
    const schemas = [...wanted].filter(([, of]) => of.length > 0).map(([sdk, of]) => schemaOf(of, join(packages, sdk), cache, sdk));
    return { ...merged(schemas), types: Object.fromEntries(schemas.flatMap(schema => Object.entries(schema.types)).filter(([type]) => types.includes(type))) };
}

/** Types of one SDK: from the cache, or read and put there. */
function schemaOf(types: readonly string[], folder: string, cache: string, sdk: Sdk): Schema {
    const file = join(cache, `${sdk}-${keyOf(folder)}.json`);
    const known = load(file);
    const missing = types.filter(type => !Object.hasOwn(known.types, type));
    if (missing.length === 0) {
        return known;
    }
    const schema = merged([known, readerFor(file, folder).read(missing)]);
    save(file, schema);
    return schema;
}

/** Readers by the file of the cache that they fill. What they parsed takes much memory: they go when that runs short. */
const readers = new Map<string, WeakRef<reading.Reader>>();

function readerFor(file: string, folder: string): reading.Reader {
    const known = readers.get(file)?.deref();
    if (known !== undefined) {
        return known;
    }
    // The compiler takes 0.2 s to load, as long as all the rest: only who needs it waits for it.
    const { Reader } = createRequire(__filename)("./reader") as typeof reading;
    const reader = new Reader(folder);
    readers.set(file, new WeakRef(reader));
    return reader;
}

/** What the result hangs on: the SDK's version, and the code that reads. */
function keyOf(folder: string): string {
    const hash = createHash("sha256");
    for (const path of readingCode) {
        hash.update(readFileSync(path));
    }
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { readonly version: string };
    return `${version}-${hash.digest("hex").slice(0, 12)}`;
}

function merged(schemas: readonly Schema[]): Schema {
    return {
        types: Object.assign({}, ...schemas.map(({ types }) => types)) as Schema["types"],
        objects: Object.assign({}, ...schemas.map(({ objects }) => objects)) as Schema["objects"],
    };
}

/** What the cache has; nothing where it has no such file, or one that can't be read. */
function load(file: string): Schema {
    try {
        const { types, objects } = JSON.parse(readFileSync(file, "utf8")) as Partial<Schema>;
        return { types: types ?? {}, objects: objects ?? {} };
    } catch {
        return { types: {}, objects: {} };
    }
}

/** Written beside and then moved there: whoever reads at the same time never reads half a file. */
function save(file: string, schema: Schema): void {
    mkdirSync(dirname(file), { recursive: true });
    const beside = `${file}.${process.pid}`;
    writeFileSync(beside, JSON.stringify(schema));
    renameSync(beside, file);
}
