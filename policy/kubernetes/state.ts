import { quorum, quorumSurvivesZoneLoss, survivors } from "../../components/model/capacity";
import { nameOf } from "../clusters";
import { type Fault, type Rule, shown } from "../rule";
import { differs, hasUnknown, isSaid, isSet, isUnknown, items } from "../values";
import { type Claim, claimsOf } from "./claims";
import { podSpecOf } from "./pods";
import { type Namespace, called, isNamed, namespaceRule, objectRule } from "./workloads";

const storageClass = "kubernetes:storage.k8s.io/v1:StorageClass";
const statefulSet = "kubernetes:apps/v1:StatefulSet";
const claimType = "kubernetes:core/v1:PersistentVolumeClaim";

/** Access modes by which one node, or one pod, writes at a time. */
const oneWriter = ["ReadWriteOnce", "ReadWriteOncePod"];

/** Drivers whose disks stay in a zone; files that are shared over the network (EFS, Filestore, NFS) do not. */
const zonalDrivers = ["ebs.csi.aws.com", "ebs.csi.eks.amazonaws.com", "kubernetes.io/aws-ebs", "pd.csi.storage.gke.io", "kubernetes.io/gce-pd"];

/** Classes that clusters bring: EKS gp2, GKE standard, and those whose names end in -rwo and -rwx (https://cloud.google.com/kubernetes-engine/docs/concepts/persistent-volumes). */
const ownClasses = /^(gp2|standard|[a-z-]+-rw[ox])$/;

/** Data: where it is, who writes it, and what becomes of it. */
export const state: readonly Rule[] = [
    objectRule(
        {
            name: "storage-waits-for-pod",
            level: "mandatory",
            why: "With Immediate, a volume is made in any zone before its pod is placed, and the spread over zones can't be met.",
            ids: [],
            fix: "set volumeBindingMode to WaitForFirstConsumer",
        },
        storageClass,
        ({ provisioner, volumeBindingMode }) => zonalDrivers.includes(provisioner ?? "") && differs(volumeBindingMode, "WaitForFirstConsumer") && `volumeBindingMode is ${shown(volumeBindingMode)}`,
    ),
    objectRule(
        {
            name: "storage-grows",
            level: "advisory",
            why: "A volume that can't grow has to be copied by hand, with the app stopped, on the day it is full.",
            ids: [],
            fix: "set allowVolumeExpansion to true",
        },
        storageClass,
        ({ allowVolumeExpansion }) => differs(allowVolumeExpansion, true) && `allowVolumeExpansion is ${shown(allowVolumeExpansion)}`,
    ),
    objectRule(
        {
            name: "storage-retained",
            level: "advisory",
            // https://kubernetes.io/docs/concepts/storage/storage-classes/#reclaim-policy: Delete is the default.
            why: "With Delete, whoever deletes a claim or its namespace deletes the disk and what is on it.",
            ids: [],
            fix: "set reclaimPolicy to Retain, unless the data may go",
        },
        storageClass,
        ({ reclaimPolicy }) => differs(reclaimPolicy, "Retain") && `reclaimPolicy is ${shown(reclaimPolicy)}`,
    ),
    objectRule(
        {
            name: "state-claims-retained",
            level: "mandatory",
            why: "With Delete, a smaller number of replicas, or the StatefulSet's replacement, deletes the data.",
            ids: [],
            fix: "set whenDeleted and whenScaled of persistentVolumeClaimRetentionPolicy to Retain",
        },
        statefulSet,
        ({ spec }) =>
            (["whenDeleted", "whenScaled"] as const)
                .filter(when => spec?.persistentVolumeClaimRetentionPolicy?.[when] === "Delete")
                .map(when => `persistentVolumeClaimRetentionPolicy.${when} is Delete`),
    ),
    namespaceRule(
        {
            name: "state-quorum",
            level: "advisory",
            why: "Replicas that keep data can't move to another zone: without a majority in the zones that are left, nothing can be written until the lost one returns.",
            ids: [],
            fix: "use an odd number of replicas from 3 on, over three zones",
        },
        namespace => {
            const { zones, cluster } = namespace;
            return namespace
                .objects(statefulSet)
                .filter(set => zones > 1 && items(set.inputs.spec?.volumeClaimTemplates).length > 0)
                .flatMap((set): readonly Fault[] => {
                    const { least } = namespace.replicasOf(set);
                    return Number.isNaN(least) || quorumSurvivesZoneLoss(least, zones)
                        ? []
                        : [{ resource: set, found: `${called(set)}: replicas is ${least} over the ${zones} zones of ${cluster.name}; a lost zone leaves ${survivors(least, zones)}, a majority is ${quorum(least)}` }];
                });
        },
    ),
    objectRule(
        {
            name: "state-on-volume",
            level: "advisory",
            why: "What a StatefulSet keeps in emptyDir, or in its containers, is gone with the pod: on each rollout, drain and lost node.",
            ids: [],
            fix: "add volumeClaimTemplates, and mount the volume where the data is; replicas that keep nothing are a Deployment",
        },
        statefulSet,
        ({ spec }, set) => {
            const { volumes } = podSpecOf(set);
            const keeps = items(spec?.volumeClaimTemplates).length > 0 || items(volumes).some(({ persistentVolumeClaim, ephemeral, csi }) => [persistentVolumeClaim, ephemeral, csi].some(isSet));
            return !keeps && !isUnknown(spec?.volumeClaimTemplates) && !isUnknown(volumes) && "volumeClaimTemplates is nothing, and no volume is of a claim";
        },
    ),
    namespaceRule(
        {
            name: "state-one-writer",
            level: "mandatory",
            why: "A volume that several nodes may write lets two replicas write the same data.",
            ids: [],
            fix: "set accessModes to ReadWriteOnce or ReadWriteOncePod",
        },
        namespace =>
            namespace.objects(statefulSet).flatMap(set => {
                const templates = items(set.inputs.spec?.volumeClaimTemplates).map(({ metadata, spec }) => ({ resource: set, title: `claim template ${metadata?.name ?? ""} of ${called(set)}`, spec }));
                const claims = claimsOf(namespace, set).flatMap(({ made }) => (made === undefined ? [] : [{ resource: made, title: called(made), spec: made.inputs.spec }]));
                return [...templates, ...claims].flatMap(({ resource, title, spec }): readonly Fault[] => {
                    const shared = items(spec?.accessModes).filter(mode => !isUnknown(mode) && !oneWriter.includes(mode));
                    return shared.length === 0 ? [] : [{ resource, found: `${title}: accessModes has ${shared.join(", ")}` }];
                });
            }),
    ),
    namespaceRule(
        {
            name: "state-claims-match",
            level: "mandatory",
            why: "A StatefulSet takes the claims that have its replicas' names as they are, and makes those that are missing by itself, past the program.",
            ids: [],
            fix: "make one claim for each replica, named <template>-<set>-<ordinal>, with the template's storage class",
        },
        namespace =>
            namespace.objects(statefulSet).flatMap((set): readonly Fault[] => {
                const claims = claimsOf(namespace, set);
                const missing = claims.filter(({ made }) => made === undefined).map(({ name }) => name);
                const partly = namespace.isWhole && missing.length > 0 && missing.length < claims.length;
                return [
                    ...(partly ? [{ resource: set, found: `${called(set)} has claims for some replicas only; missing: ${missing.join(", ")}` }] : []),
                    ...claims.flatMap(({ made, template }) => {
                        const own = made?.inputs.spec?.storageClassName;
                        return made === undefined || hasUnknown([own, template]) || (own ?? "") === (template.storageClassName ?? "")
                            ? []
                            : [{ resource: made, found: `${called(made)}: storageClassName is ${shown(own)}, in the template of ${called(set)} ${shown(template.storageClassName)}` }];
                    }),
                ];
            }),
    ),
    namespaceRule(
        {
            name: "claim-class-exists",
            level: "advisory",
            why: "A claim of a storage class that the cluster does not have waits for ever, and its pod with it.",
            ids: [],
            fix: "name a StorageClass of the cluster",
        },
        namespace => {
            // Where the stack doesn't make the cluster, others made its classes.
            const classes = namespace.cluster.objects(storageClass);
            const named = namespace.zones === 0 || classes.some(object => isUnknown(object.inputs.metadata) || isUnknown(nameOf(object))) ? [] : namedClasses(namespace);
            return named
                .filter(({ className }) => !ownClasses.test(className) && !isUnknown(className) && !classes.some(object => isNamed(object, className)))
                .map(({ resource, className }) => ({ resource, found: `${called(resource)}: storageClassName is ${shown(className)}, which is not on ${namespace.cluster.name}` }));
        },
    ),
    namespaceRule(
        {
            name: "deployment-shares-volume",
            level: "mandatory",
            why: "One node at a time may have the volume: a new pod on another waits for it while a rollout keeps the old one.",
            ids: [],
            fix: "keep data in a StatefulSet, or on a volume with ReadWriteMany",
        },
        namespace =>
            // Recreate stops the old pods first, which lets the volume go.
            namespace.objects("kubernetes:apps/v1:Deployment").filter(({ inputs }) => inputs.spec?.strategy?.type !== "Recreate").flatMap(deployment =>
                items(podSpecOf(deployment).volumes)
                    .flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? [])
                    .flatMap(name => namespace.find(claimType, name) ?? [])
                    .filter(isForOneNode)
                    .map(claim => ({ resource: deployment, found: `${called(deployment)} mounts ${called(claim)}, which is ${items(claim.inputs.spec?.accessModes).join(", ")}` })),
            ),
    ),
];

function isForOneNode({ inputs }: Claim): boolean {
    const modes = items(inputs.spec?.accessModes);
    return modes.length > 0 && modes.every(mode => oneWriter.includes(mode));
}

/** Storage classes that claims and templates name. */
function namedClasses(namespace: Namespace): readonly { readonly resource: Fault["resource"]; readonly className: string }[] {
    const claims = namespace.objects(claimType).map(claim => ({ resource: claim, className: claim.inputs.spec?.storageClassName }));
    const templates = namespace
        .objects(statefulSet)
        .flatMap(set => items(set.inputs.spec?.volumeClaimTemplates).map(({ spec }) => ({ resource: set, className: spec?.storageClassName })));
    return [...claims, ...templates].flatMap(({ resource, className }) => (isSaid(className) ? [{ resource, className }] : []));
}
