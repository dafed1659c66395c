import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { type Document, parseDocument } from "yaml";

import { configSchema } from "../components/config";
import { isRecord, isSecretPath } from "../components/config/fields";
import { ConfigError, type Problem, Said, namespace, pathOf } from "../components/config/problems";
import { masked } from "./wire";

/** A stack's files could not be read: the message says which, why and what to do. */
export class StackFileError extends Error {}

/** A project and one of its stacks, as their files say. */
export interface StackFile {
    readonly project: string;
    readonly stack: string;
    /** Config by full key, with the project's defaults; secrets are masked, since only Pulumi can open them. */
    readonly config: Readonly<Record<string, unknown>>;
    /** What should be known of the file. */
    readonly warnings?: readonly string[];
}

const stackFileName = /^Pulumi\.(.+)\.yaml$/;

/** The stacks that have a file in a directory. */
export function stacksIn(directory: string): string[] {
    return readdirSync(directory).flatMap(file => stackFileName.exec(file)?.[1] ?? []).sort();
}

/**
 * Reads what `pulumi` would read for a stack: Pulumi.yaml and Pulumi.<stack>.yaml.
 *
 * @throws StackFileError where a file is missing, is no YAML or holds no config; ConfigError for an
 *   encrypted value where a plain one must be.
 */
export function readStackFile(directory: string, stack: string): StackFile {
    const project = readYaml(join(directory, "Pulumi.yaml"), "run this in the directory that holds Pulumi.yaml");
    if (!/^[-\w.]+$/.test(stack)) {
        throw new StackFileError(`${JSON.stringify(stack)} is no name of a stack: choose one of ${stacksIn(directory).join(", ")}`);
    }
    const stackPath = join(directory, `Pulumi.${stack}.yaml`);
    const own = readYaml(stackPath, `choose a stack that has a file: ${stacksIn(directory).join(", ") || "there is none"}`);
    const name = typeof project["name"] === "string" ? project["name"] : namespace;
    const config: Record<string, unknown> = {};
    for (const [key, declared] of Object.entries(recordOf(project["config"]))) {
        if (isRecord(declared) && "default" in declared) {
            config[qualified(key, name)] = declared["default"];
        }
    }
    const problems: Problem[] = [];
    for (const [key, value] of Object.entries(recordOf(own["config"]))) {
        const fullKey = qualified(key, name);
        const [keyNamespace, first = ""] = fullKey.split(":");
        config[fullKey] = keyNamespace === namespace ? maskEncrypted(value, [first], problems) : value;
    }
    if (problems.length > 0) {
        throw new ConfigError(problems);
    }
    const clear = Object.entries(config).flatMap(([key, value]) => secretsInTheClear(value, [key.split(":")[1] ?? ""]));
    const warnings = clear.map(path => `${path} is in the clear in Pulumi.${stack}.yaml: npx pulumi config set --secret --path '${path}'`);
    return { project: name, stack, config, warnings };
}

/** Config as the engine hands it to a program: text as it is, structures as JSON. */
export function engineConfig(config: StackFile["config"]): Record<string, string> {
    return Object.fromEntries(
        Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
    );
}

/** `pulumi` takes a key without a namespace as one of the project's, and an old `config:` in its middle for nothing. */
function qualified(key: string, project: string): string {
    return key.includes(":") ? key.replace(/^([^:]*):config:(?=[^:]*$)/, "$1:") : `${project}:${key}`;
}

function readYaml(path: string, hint: string): Readonly<Record<string, unknown>> {
    if (!existsSync(path)) {
        throw new StackFileError(`there is no ${path}: ${hint}`);
    }
    const content = parseYaml(path);
    // An empty file is null.
    const file = content ?? {};
    if (!isRecord(file)) {
        throw new StackFileError(`${path} holds no mapping: write it like Pulumi.prod.yaml, with config: at its head`);
    }
    if (!isRecord(file["config"] ?? {})) {
        throw new StackFileError(`${path}: config is no mapping: write its keys indented below config:`);
    }
    return file;
}

function parseYaml(path: string): unknown {
    let value: unknown;
    try {
        const document: Document = parseDocument(readFileSync(path, "utf8"), { logLevel: "error" });
        const [error] = document.errors;
        if (error !== undefined) {
            throw error;
        }
        // An alias of nothing is found only now.
        value = document.toJS();
    } catch (problem) {
        const reason = problem instanceof Error ? problem.message : String(problem);
        throw new StackFileError(`${path} ${isSystemError(problem) ? "can't be read" : "is no YAML"}: ${reason}`);
    }
    if (holdsItself(value)) {
        throw new StackFileError(`${path}: an alias stands for what it is part of: write the value out`);
    }
    return value;
}

/** The file system's errors have a code such as EISDIR. */
function isSystemError(error: unknown): boolean {
    return error instanceof Error && "syscall" in error;
}

/** Whether a list or mapping is part of itself, as YAML's aliases can say. */
function holdsItself(value: unknown, around: readonly unknown[] = []): boolean {
    if (typeof value !== "object" || value === null) {
        return false;
    }
    return around.includes(value) || Object.values(value).some(item => holdsItself(item, [...around, value]));
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
    return isRecord(value) ? value : {};
}

/** Paths of secrets that nobody encrypted. A kubeconfig on one line is a path, and no secret. */
function secretsInTheClear(value: unknown, path: readonly PropertyKey[]): string[] {
    if (Array.isArray(value)) {
        return value.flatMap((item, index) => secretsInTheClear(item, [...path, index]));
    }
    if (isRecord(value)) {
        return Object.entries(value).flatMap(([key, item]) => secretsInTheClear(item, [...path, key]));
    }
    const isText = typeof value === "string" && value !== masked && (path.at(-1) !== "kubeconfig" || value.includes("\n"));
    return isText && isSecretPath(configSchema, undefined, path) ? [pathOf(path)] : [];
}

/** Replaces `{ secure: … }` by a mask where the schema says that a value may be secret. */
function maskEncrypted(value: unknown, path: readonly PropertyKey[], problems: Problem[]): unknown {
    if (Array.isArray(value)) {
        return value.map((item, index) => maskEncrypted(item, [...path, index], problems));
    }
    if (!isRecord(value)) {
        return value;
    }
    const keys = Object.keys(value);
    if (keys.length === 1 && typeof value["secure"] === "string") {
        if (!isSecretPath(configSchema, undefined, path)) {
            problems.push({
                path: pathOf(path),
                received: new Said("an encrypted value"),
                allowed: "a plain value: it decides what is made, and is shown in the clear",
                fix: "write it in plain; secrets belong into app.secrets or a cluster's kubeconfig",
            });
        }
        return masked;
    }
    return Object.fromEntries(keys.map(key => [key, maskEncrypted(value[key], [...path, key], problems)]));
}
