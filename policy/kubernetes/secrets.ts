import { credentialIn, soundsSecret } from "../../components/config/credentials";
import { masked } from "../../plan/wire";
import type { Resource } from "../graph";
import { type Rule, resourceRule, shown, stackRule } from "../rule";
import { at, differs, entries, items } from "../values";
import { knownContainers, podRule, titleOf } from "./podRule";
import { makesPods, templateOf } from "./pods";
import { unusedSecrets } from "./secretUsers";

/** Where passwords, keys and tokens stand. A message never shows one. */
export const secrets: readonly Rule[] = [
    podRule(
        {
            name: "env-secret",
            level: "mandatory",
            why: "Who may look at the pod reads it, and so does every tool that lists, logs or backs up manifests.",
            ids: [],
            fix: "keep it in a Secret, and take the variable from there by valueFrom.secretKeyRef or envFrom",
        },
        pod =>
            knownContainers(pod).flatMap(container =>
                items(container.env).flatMap(({ name, value }) => {
                    const kept = secretIn(value);
                    return kept === undefined ? [] : [`${titleOf(container)}: variable ${name ?? ""} holds in the clear ${kept}`];
                }),
            ),
    ),
    podRule(
        {
            name: "env-secret-name",
            level: "advisory",
            why: "A variable of such a name mostly holds a secret, and who may look at the pod reads it.",
            ids: [],
            fix: "if it is a secret, keep it in a Secret, and take the variable from there by valueFrom.secretKeyRef or envFrom",
        },
        pod =>
            knownContainers(pod).flatMap(container =>
                items(container.env)
                    .filter(({ name, value }) => isNamedSecret(name ?? "", value))
                    .map(({ name }) => `${titleOf(container)}: variable ${name ?? ""} holds in the clear what its name says is a secret`),
            ),
    ),
    podRule(
        {
            name: "command-secret",
            level: "mandatory",
            why: "A command line shows in the manifest, in the node's list of processes and in most error reports.",
            ids: [],
            fix: "keep it in a Secret, take it into a variable by valueFrom.secretKeyRef, and write $(VARIABLE) in the command",
        },
        pod =>
            knownContainers(pod).flatMap(container =>
                (["command", "args"] as const).flatMap(part => {
                    const kept = firstOf(items(container[part]).map(secretIn));
                    return kept === undefined ? [] : [`${titleOf(container)}: ${part} holds ${kept}`];
                }),
            ),
    ),
    podRule(
        {
            name: "command-secret-name",
            level: "advisory",
            why: "An option of such a name mostly takes a secret, and a command line shows in the manifest and in the node's list of processes.",
            ids: [],
            fix: "if it is a secret, keep it in a Secret, take it into a variable by valueFrom.secretKeyRef, and write $(VARIABLE) in the command",
        },
        pod =>
            knownContainers(pod).flatMap(container =>
                (["command", "args"] as const).flatMap(part => {
                    const option = secretOptionIn(items(container[part]));
                    return option === undefined ? [] : [`${titleOf(container)}: ${part} holds a value of ${option}`];
                }),
            ),
    ),
    resourceRule(
        {
            name: "config-map-secret",
            level: "mandatory",
            why: "A ConfigMap is not encrypted apart from other objects, and rights to read it are given freely.",
            ids: [],
            fix: "move it into a Secret",
        },
        "kubernetes:core/v1:ConfigMap",
        ({ data }) =>
            entries(data).flatMap(([key, value]) => {
                const kept = secretIn(value);
                return kept === undefined ? [] : [`key ${key} holds ${kept}`];
            }),
    ),
    resourceRule(
        {
            name: "config-map-secret-name",
            level: "advisory",
            why: "A key of such a name mostly holds a secret, and rights to read a ConfigMap are given freely.",
            ids: [],
            fix: "if it is a secret, move it into a Secret",
        },
        "kubernetes:core/v1:ConfigMap",
        ({ data }) =>
            entries(data)
                .filter(([key, value]) => isNamedSecret(key, value))
                .map(([key]) => `key ${key} holds what its name says is a secret`),
    ),
    stackRule(
        {
            name: "annotation-secret",
            level: "mandatory",
            why: "Annotations show in every list of objects, to everyone who may see that the object is there.",
            ids: [],
            fix: "keep it in a Secret, and let the annotation name the Secret",
        },
        graph =>
            graph.resources
                .filter(({ type }) => type.startsWith("kubernetes:"))
                .flatMap(object =>
                    annotationsOf(object).flatMap(([key, value]) => {
                        const kept = secretIn(value);
                        return kept === undefined ? [] : [{ resource: object, found: `annotation ${key} holds ${kept}` }];
                    }),
                ),
    ),
    stackRule(
        {
            name: "secret-unused",
            level: "advisory",
            why: "A Secret that nothing uses is there for an intruder alone, and nobody notices when it leaks.",
            ids: [],
            fix: "remove it, or take it into the pods that need it by envFrom, valueFrom.secretKeyRef or a volume",
        },
        graph => unusedSecrets(graph).map(secret => ({ resource: secret, found: "no pod, account or other object names it" })),
    ),
    resourceRule(
        {
            name: "storage-encrypted",
            level: "mandatory",
            why: "Data on an unencrypted disk can be read by whoever gets at a snapshot or the disk.",
            ids: [],
            fix: 'set parameters.encrypted to "true"; what lies on old disks has to be copied to new ones',
        },
        "kubernetes:storage.k8s.io/v1:StorageClass",
        ({ provisioner, parameters }) => {
            const encrypted = at(parameters, "encrypted");
            const plain = plainByDefault.includes(provisioner ?? "") && differs(encrypted?.toLowerCase(), "true");
            return plain && `parameters.encrypted is ${shown(encrypted)}`;
        },
    ),
];

/**
 * Disks that are encrypted only where the class says so: `encrypted` is false by default
 * (https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md). Google encrypts each of its
 * disks (https://cloud.google.com/docs/security/encryption/default-encryption).
 */
const plainByDefault: readonly string[] = ["ebs.csi.aws.com", "ebs.csi.eks.amazonaws.com", "kubernetes.io/aws-ebs"];

/** What secret a value is by its own form; undefined for none. */
function secretIn(value: string | undefined): string | undefined {
    if (typeof value !== "string") {
        return undefined;
    }
    return isMasked(value) ? "a secret of the program" : credentialIn(value);
}

/** Whether the name alone says that a value is a secret. It may be wrong: "htpasswd" is a file of hashes. */
function isNamedSecret(name: string, value: string | undefined): boolean {
    if (typeof value !== "string" || value === "" || secretIn(value) !== undefined) {
        return false;
    }
    // Of a file's name the ending counts ("password.txt" is no word), of a dotted key the last part.
    const word = (name.split(".").at(-1) ?? name).replaceAll("-", "_");
    return soundsSecret(word) && !/(^|_)arn$/i.test(word) && !isReference(value);
}

/** Whether a value says where a secret is, or whether there is one, and is none: `$(PASSWORD)`, `/run/secrets/token`, `arn:aws:…`, `true`. */
function isReference(value: string): boolean {
    return /^(\$[({]?\w+[)}]?|(\/[-.\w]+){2,}|arn:.*|true|false|yes|no)$/i.test(value);
}

/** The first option of a command that sounds as if it took a secret, and has a value that is none by its form. It may be wrong: `--secret shop-tls` is a name. */
function secretOptionIn(words: readonly string[]): string | undefined {
    const options = words.map((word, index) => {
        const [, option, value = words[index + 1] ?? ""] = /^--?([A-Za-z][-\w]*)(?:=(.*))?$/s.exec(word) ?? [];
        const isPlain = value !== "" && !value.startsWith("-") && !isReference(value) && secretIn(value) === undefined;
        return isPlain && option !== undefined && soundsSecret(option.replaceAll("-", "_")) ? option : undefined;
    });
    return firstOf(options);
}

function firstOf(found: readonly (string | undefined)[]): string | undefined {
    return found.find(each => each !== undefined);
}

/** Whether a value stands for a secret of the program: a plan shows none. */
function isMasked(value: string): boolean {
    return value === masked;
}

/** Annotations of an object and of the pods that it makes. */
function annotationsOf(object: Resource): readonly (readonly [key: string, value: string])[] {
    const { metadata } = object.inputs as { readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> } };
    const ofPods = makesPods(object) ? entries(templateOf(object)?.metadata?.annotations) : [];
    return [...entries(metadata?.annotations), ...ofPods].filter(([, value]) => typeof value === "string");
}
