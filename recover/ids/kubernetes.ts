import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";

import { type Properties, revealed } from "../state";
import { type Identity, type Sought, byInputs, text } from "./identity";

/**
 * Id of an object: `namespace/name`, or its name where it is in none (`fqName` in provider/pkg/provider/util.go of pulumi/pulumi-kubernetes,
 * v4). The provider's check writes the made-up name and the default namespace into the inputs.
 */
function objectId({ inputs }: Sought): string | undefined {
    const metadata = metadataOf(inputs);
    return qualified(text(metadata, "namespace"), text(metadata, "name"));
}

function metadataOf(inputs: Properties): Properties {
    return (inputs["metadata"] ?? {}) as Properties;
}

/** Whether the provider made the name up: it says so in an annotation (`annotationInternalAutonamed`, provider/pkg/metadata/naming.go). */
function isNamedByProvider(inputs: Properties): boolean {
    const { annotations } = metadataOf(inputs) as { readonly annotations?: Properties };
    return annotations?.["pulumi.com/autonamed"] === "true";
}

function qualified(namespace: string | undefined, name: string | undefined): string | undefined {
    return namespace === undefined || name === undefined ? name : `${namespace}/${name}`;
}

/** Whoever applies fields is written down by a name of its own; the provider's begins so (`fieldManagerName`, provider/pkg/provider/provider.go). */
const manager = /^pulumi-kubernetes(-|$)/;

/** Names under which Pulumi has applied fields of an object; undefined where the object does not say who did. */
function managers(outputs: Properties): readonly string[] | undefined {
    const { managedFields } = (outputs["metadata"] ?? {}) as { readonly managedFields?: readonly { readonly manager?: string; readonly operation?: string }[] };
    return managedFields?.filter(({ operation }) => operation === "Apply").flatMap(({ manager: name }) => (name !== undefined && manager.test(name) ? [name] : []));
}

/** An object of any kind. */
const object: Identity = {
    ...byInputs(objectId),
    owner: (outputs, inputs) => {
        const all = managers(outputs);
        if (all === undefined) {
            return isNamedByProvider(inputs) ? "ours" : "unknown";
        }
        return all.length > 0 ? "ours" : { foreign: "an object of the name is there, and Pulumi did not make it" };
    },
    asked: inputs => (isNamedByProvider(inputs) ? { ...inputs, metadata: { ...metadataOf(inputs), name: undefined } } : inputs),
    // The provider makes up the name under which it applies fields, and keeps it in its state alone. Under another
    // one, the API server would refuse the first change of a field as a conflict with the first.
    completed: outputs => {
        const [only, ...others] = new Set(managers(outputs) ?? []);
        return only === undefined || others.length > 0 ? outputs : { ...outputs, __fieldManager: only };
    },
};

/** `namespace/name` (@pulumi/kubernetes, helm/v3/release.d.ts: Import). */
const release: Identity = {
    ...byInputs(({ inputs }) => qualified(text(inputs, "namespace"), text(inputs, "name"))),
    // helm.sh/helm/v4, pkg/release/common/status.go: pending-install, pending-upgrade, pending-rollback.
    flaw: outputs => {
        const { status } = (outputs["status"] ?? {}) as { readonly status?: string };
        return status?.startsWith("pending-") === true
            ? `Helm was cut short (${status}) and refuses to go on: remove the release with helm uninstall, then recover again`
            : undefined;
    },
};

/** How resources of Kubernetes are found again: all by their names. */
export function kubernetesIdentity(type: string): Identity | undefined {
    return type === "kubernetes:helm.sh/v3:Release" ? release : object;
}

/**
 * Settings of a provider for whoever wants to know what is there: with the path of its kubeconfig from the root, where it is one from a
 * folder, and so that a cluster that does not answer is an error, whatever the environment says (`Configure` and `Read` in
 * provider/pkg/provider/provider.go).
 */
export function kubernetesSettings(settings: Properties, directory: string): Properties {
    const { kubeconfig } = revealed(settings);
    const file = typeof kubeconfig === "string" && !kubeconfig.includes("\n") && !isAbsolute(kubeconfig) ? join(directory, kubeconfig) : undefined;
    return { ...settings, ...(file !== undefined && existsSync(file) ? { kubeconfig: file } : {}), deleteUnreachable: "false", skipUpdateUnreachable: "false" };
}
