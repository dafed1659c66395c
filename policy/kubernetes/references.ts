import { type Typed, isOfType } from "../graph";
import { nameOf } from "../clusters";
import { type Fault, type Rule } from "../rule";
import { entries, isSaid, isUnknown, items } from "../values";
import { knownContainers, titleOf } from "./podRule";
import { type PodSpec, type PodType, podSpecOf, podTypes, templateOf } from "./pods";
import { type Namespace, called, namespaceRule, objectRule } from "./workloads";

const types = {
    ConfigMap: "kubernetes:core/v1:ConfigMap",
    PersistentVolumeClaim: "kubernetes:core/v1:PersistentVolumeClaim",
    Secret: "kubernetes:core/v1:Secret",
    ServiceAccount: "kubernetes:core/v1:ServiceAccount",
} as const;

/** What Kubernetes puts into each namespace by itself. */
const givenToAll = ["ConfigMap kube-root-ca.crt", "ServiceAccount default"];

/** An object that pods name. */
interface Reference {
    readonly kind: keyof typeof types;
    readonly name: string;
    /** Whether its values become the environment, which a running container never reads again. */
    readonly isEnvironment: boolean;
}

/** What pods name is there, and a change of it reaches them. */
export const references: readonly Rule[] = [
    namespaceRule(
        {
            name: "pod-names-exist",
            level: "mandatory",
            why: "A pod that names a ConfigMap, a claim or a service account that does not exist never starts.",
            ids: [],
            fix: "make the object in the pods' namespace, or name one that is there",
        },
        namespace => missing(namespace, ["ConfigMap", "PersistentVolumeClaim", "ServiceAccount"]),
    ),
    namespaceRule(
        {
            name: "pod-secrets-exist",
            level: "advisory",
            why: "A pod that names a Secret that does not exist never starts; what fills it outside of this stack has to come first.",
            ids: [],
            fix: "make the Secret in the stack, or see that another controller fills it before the pods start",
        },
        namespace => missing(namespace, ["Secret"]),
    ),
    objectRule(
        {
            name: "mount-has-volume",
            level: "mandatory",
            why: "Kubernetes refuses pods with a mount whose volume they do not have.",
            ids: [],
            fix: "add the volume to the pod's volumes, or name one that is there",
        },
        podTypes,
        (_, pods) => {
            const { volumes } = podSpecOf(pods);
            const templates = isOfType(pods, "kubernetes:apps/v1:StatefulSet") ? pods.inputs.spec?.volumeClaimTemplates : undefined;
            const names = [...items(volumes).map(({ name }) => name), ...items(templates).map(({ metadata }) => metadata?.name)];
            return [volumes, templates, ...items(volumes), ...items(templates), ...names].some(isUnknown)
                ? []
                : knownContainers(podSpecOf(pods)).flatMap(container =>
                      items(container.volumeMounts)
                          .filter(({ name }) => !isUnknown(name) && !names.includes(name))
                          .map(({ name, mountPath }) => `${titleOf(container)} mounts ${name ?? "nothing"} at ${mountPath ?? ""}, which is no volume of the pod`),
                  );
        },
    ),
    namespaceRule(
        {
            name: "config-rolls-pods",
            level: "advisory",
            why: "A container reads its environment once: a change of a ConfigMap or Secret under the same name reaches no pod until the next rollout, which then brings it unasked.",
            ids: [],
            fix: "leave metadata.name out, so that Pulumi names each content anew, or annotate the pod template with a checksum of it",
        },
        namespace =>
            namespace.workloads
                .filter(workload => !entries(templateOf(workload)?.metadata?.annotations).some(([key]) => /checksum|hash/i.test(key)))
                .flatMap(workload =>
                    named(podSpecOf(workload))
                        .filter(({ isEnvironment }) => isEnvironment)
                        .filter(({ kind, name }) => keepsName(namespace, kind, name))
                        .map(({ kind, name }) => ({ resource: workload, found: `${called(workload)} takes its environment from ${kind} ${name}, whose name does not change with its content` })),
                ),
    ),
];

/** Objects of some kinds that pods name and that are not there. Only where the stack makes the namespace: others put theirs into their own. */
function missing(namespace: Namespace, kinds: readonly (keyof typeof types)[]): readonly Fault[] {
    return namespace.isOwn
        ? namespace.pods.flatMap((pods: Typed<PodType>) =>
              named(podSpecOf(pods))
                  .filter(({ kind, name }) => kinds.includes(kind) && !isUnknown(name) && !givenToAll.includes(`${kind} ${name}`))
                  .filter(({ kind, name }) => namespace.find(types[kind], name) === undefined)
                  .map(({ kind, name }) => ({ resource: pods, found: `${called(pods)} names ${kind} ${name}, which is not in namespace ${namespace.name}` })),
          )
        : [];
}

/** Whether the program gives an object its name, and that has no digest of the content at its end. */
function keepsName(namespace: Namespace, kind: keyof typeof types, name: string): boolean {
    const object = namespace.find(types[kind], name);
    // Pulumi notes which names it makes up (github.com/pulumi/pulumi-kubernetes, README).
    const isMadeUp = object === undefined || !isSaid(nameOf(object)) || isSaid(object.inputs.metadata?.annotations?.["pulumi.com/autonamed"]);
    return !isMadeUp && !/-[0-9a-f]{8,}$/.test(name);
}

/** What pods must find to start, each once. */
function named(pod: PodSpec): readonly Reference[] {
    const all = [...environmentOf(pod), ...volumesOf(pod), ...accountsOf(pod)].flatMap(({ kind, name, optional, isEnvironment = false }) =>
        isSaid(name) && optional !== true ? [{ kind, name, isEnvironment }] : [],
    );
    return [...new Map(all.map(each => [JSON.stringify(each), each])).values()];
}

interface Said {
    readonly kind: keyof typeof types;
    readonly name: string | undefined;
    readonly optional?: boolean | undefined;
    readonly isEnvironment?: boolean;
}

function environmentOf(pod: PodSpec): readonly Said[] {
    return knownContainers(pod).flatMap(({ env, envFrom }) => {
        const sources = items(env).map(({ valueFrom }) => ({ config: valueFrom?.configMapKeyRef, secret: valueFrom?.secretKeyRef }));
        const all = [...sources, ...items(envFrom).map(({ configMapRef, secretRef }) => ({ config: configMapRef, secret: secretRef }))];
        return all.flatMap(({ config, secret }): readonly Said[] => [
            { kind: "ConfigMap", name: config?.name, optional: config?.optional, isEnvironment: true },
            { kind: "Secret", name: secret?.name, optional: secret?.optional, isEnvironment: true },
        ]);
    });
}

function volumesOf({ volumes }: PodSpec): readonly Said[] {
    return items(volumes).flatMap(({ configMap, secret, persistentVolumeClaim, projected }): readonly Said[] => [
        { kind: "ConfigMap", name: configMap?.name, optional: configMap?.optional },
        { kind: "Secret", name: secret?.secretName, optional: secret?.optional },
        { kind: "PersistentVolumeClaim", name: persistentVolumeClaim?.claimName },
        ...items(projected?.sources).flatMap((source): readonly Said[] => [
            { kind: "ConfigMap", name: source.configMap?.name, optional: source.configMap?.optional },
            { kind: "Secret", name: source.secret?.name, optional: source.secret?.optional },
        ]),
    ]);
}

function accountsOf({ serviceAccountName, imagePullSecrets }: PodSpec): readonly Said[] {
    return [{ kind: "ServiceAccount", name: serviceAccountName }, ...items(imagePullSecrets).map(({ name }): Said => ({ kind: "Secret", name }))];
}
