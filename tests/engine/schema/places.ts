import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Pulumi's SDKs whose types can be read. */
export const sdks = ["aws", "gcp", "kubernetes"] as const;

export type Sdk = (typeof sdks)[number];

/** Where an SDK declares a type. */
export interface Place {
    readonly sdk: Sdk;
    /** Path of the declarations. */
    readonly file: string;
    /** Name of the class, or of the function, in them. */
    readonly name: string;
    /** What is special about it: a provider's config, or an object of Kubernetes that a custom definition describes. */
    readonly as: "resource" | "provider" | CustomKind;
}

/** Version and kind that a custom object of Kubernetes gives of itself. */
export interface CustomKind {
    readonly apiVersion: string;
    readonly kind: string;
}

/** No SDK declares a type. */
export class UndeclaredType extends Error {
    constructor(readonly type: string) {
        super(`no SDK declares ${type}: read are resources and functions of ${sdks.join(", ")}, and their providers`);
    }
}

/** Which SDK has a type; throws {@link UndeclaredType} where none can. */
export function sdkOf(type: string): Sdk {
    const [first, , last] = type.split(":");
    const sdk = sdks.find(name => name === (type.startsWith("pulumi:providers:") ? last : first));
    if (sdk === undefined) {
        throw new UndeclaredType(type);
    }
    return sdk;
}

/**
 * Where a type is declared.
 *
 * @param folder of the type's SDK.
 * @throws UndeclaredType where the SDK has no such type.
 */
export function placeOf(type: string, folder: string): Place {
    const sdk = sdkOf(type);
    const [, module = "", name = ""] = type.split(":");
    if (module === "providers") {
        return { sdk, file: join(folder, "provider.d.ts"), name: "Provider", as: "provider" };
    }
    const file = sdk === "kubernetes" ? kubernetesFile(folder, module, name) : cloudFile(folder, module);
    if (file !== undefined && saysToken(file, type)) {
        return { sdk, file, name, as: "resource" };
    }
    if (sdk === "kubernetes" && isCustom(folder, module) && name !== "") {
        return { sdk, file: join(folder, "apiextensions", "customResource.d.ts"), name: "CustomResource", as: { apiVersion: module, kind: name } };
    }
    throw new UndeclaredType(type);
}

/** `ec2/vpc` is in the file of that path; what is in none of the modules is in module `index`. */
function cloudFile(folder: string, module: string): string | undefined {
    const [directory = "", file = ""] = module.split("/");
    return fileOf(join(folder, directory === "index" ? "" : directory), file);
}

/** `networking.k8s.io/v1` and `Ingress` is in the file `networking/v1/ingress`. */
function kubernetesFile(folder: string, module: string, kind: string): string | undefined {
    const [group = "", version = ""] = module.split("/");
    return fileOf(join(folder, group.split(".")[0] ?? "", version), kind);
}

/** The declarations of a name; files' names differ from types' in case alone, as sslpolicy does from sSLPolicy. */
function fileOf(directory: string, name: string): string | undefined {
    const wanted = `${name}.d.ts`.toLowerCase();
    const found = existsSync(directory) ? readdirSync(directory).find(file => file.toLowerCase() === wanted) : undefined;
    return found === undefined ? undefined : join(directory, found);
}

/** Whether the code that belongs to declarations registers, or calls, a type. */
function saysToken(file: string, type: string): boolean {
    return tokensIn(file).includes(type);
}

/** The Pulumi types that the code beside declarations names. */
export function tokensIn(file: string): readonly string[] {
    const code = readFileSync(file.replace(/\.d\.ts$/, ".js"), "utf8");
    return [...code.matchAll(/(?:__pulumiType = |invoke\()(["'])(.*?)\1/g)].map(match => match[2] ?? "");
}

/**
 * Whether an object of Kubernetes is of a group that only a custom definition can have: one with a dot in it, which such a
 * definition must have (kubernetes/kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation/
 * validation.go: "a domain with at least one dot"), and of which the SDK declares nothing.
 */
function isCustom(folder: string, module: string): boolean {
    const [group = "", version = ""] = module.split("/");
    const [first = "", ...domain] = group.split(".");
    if (domain.length === 0 || version === "") {
        return false;
    }
    const directory = join(folder, first);
    const indexes = existsSync(directory) ? readdirSync(directory).map(entry => join(directory, entry, "index.js")) : [];
    return !indexes.some(index => existsSync(index) && readFileSync(index, "utf8").includes(`"kubernetes:${group}/`));
}
