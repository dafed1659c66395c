import { parse } from "yaml";

import { type Mapping, textOf } from "../policy/values";
import { type KubernetesObject, listAt, mappingAt } from "./objects";
import { identity, misfitsOf } from "./structure";

/** What custom resource definitions say of their kinds. */
export class Definitions {
    private readonly texts: readonly { readonly text: string; readonly group: string | undefined; readonly kind: string | undefined }[];
    private readonly schemas = new Map<string, Mapping | undefined>();

    /** @param texts definitions as YAML; only those that are asked for are parsed. */
    constructor(texts: readonly string[]) {
        const first = (expression: RegExp, text: string): string | undefined => expression.exec(text)?.[1];
        this.texts = texts.map(text => ({ text, group: first(/^  group: "?([^"\s]+)/m, text), kind: first(/^    kind: "?([^"\s]+)/m, text) }));
    }

    /** Each kind that is defined, as Helm's `--api-versions` takes it, and its group's versions. */
    public apiVersions(): readonly string[] {
        const all = this.texts.flatMap(({ text, group, kind }) => {
            const versions = [...text.matchAll(/^ {2,6}(?:- )?name: "?(v\d\w*)"?\s*$/gm)].map(([, version]) => `${group}/${version}`);
            return versions.flatMap(version => [version, `${version}/${kind}`]);
        });
        return [...new Set(all)].sort();
    }

    /** What is wrong with a custom resource, each with its path; undefined where its kind is not defined here. */
    public misfits({ apiVersion, kind, body }: KubernetesObject): readonly string[] | undefined {
        const schema = this.schemaOf(apiVersion, kind);
        const { apiVersion: _version, kind: _kind, metadata: _metadata, ...rest } = body;
        return schema === undefined ? undefined : misfitsOf(rest, withoutIdentity(schema));
    }

    private schemaOf(apiVersion: string, kind: string): Mapping | undefined {
        const key = `${apiVersion}/${kind}`;
        if (!this.schemas.has(key)) {
            const [group, version] = apiVersion.split("/");
            const found = this.texts.find(definition => definition.group === group && definition.kind === kind);
            const versions = found === undefined ? [] : listAt(parse(found.text), "spec", "versions");
            const served = versions.find(({ name, served }) => name === version && served === true);
            this.schemas.set(key, served === undefined ? undefined : mappingAt(served, "schema", "openAPIV3Schema"));
        }
        return this.schemas.get(key);
    }
}

function withoutIdentity(schema: Mapping): Mapping {
    const required = schema["required"];
    return { ...schema, required: Array.isArray(required) ? required.filter(name => !identity.includes(textOf(name))) : [] };
}
