import type { V1CSIDriver, V1Node, V1PersistentVolume, V1PersistentVolumeClaim, V1StorageClass } from "@kubernetes/client-node";

import { type KubeObject, type Wire, kinds } from "../api";
import { zoneLabel } from "../controlPlane";
import { reconcile } from "./reconcile";
import type { StandIn, StandInOptions } from "./standIn";

type Claim = Wire<V1PersistentVolumeClaim>;
type Volume = Wire<V1PersistentVolume>;
type StorageClass = Wire<V1StorageClass>;
type Node = Wire<V1Node>;

/** Written by the scheduler on a claim whose class waits for its first consumer: the node that the volume must reach. */
const selectedNode = "volume.kubernetes.io/selected-node";

/** Written by the volume controller: the provisioner that is to make the volume. */
const askedProvisioner = "volume.kubernetes.io/storage-provisioner";

/** On a volume: who made it. */
const provisionedBy = "pv.kubernetes.io/provisioned-by";

/**
 * Whether a claim is the provisioner's to serve. The rule is that of the clouds' own drivers for classes that wait for their
 * first consumer (shouldProvision in https://github.com/kubernetes-sigs/sig-storage-lib-external-provisioner/blob/master/controller/controller.go).
 * Claims of classes that bind at once are left Pending: where the volume comes to lie is then the cloud's whim, and
 * the policy forbids such a class.
 */
export function isWaiting({ metadata, spec }: Claim): boolean {
    const { annotations = {} } = metadata ?? {};
    return spec?.volumeName === undefined && annotations[askedProvisioner] !== undefined && annotations[selectedNode] !== undefined;
}

/** Where a volume's data is, as the volume says: a field of PersistentVolumeSpec. */
export type VolumeSource = Readonly<Record<string, unknown>>;

/** A place for the data of a new volume: a disk of a driver that nobody sees, by default; or one that pods can really use. */
export type PlaceVolume = (volume: { readonly name: string; readonly zone: string; readonly provisioner: string }) => VolumeSource;

const nowhere: PlaceVolume = ({ name, provisioner }) => ({ csi: { driver: driverOf(provisioner), volumeHandle: `drill-${name}` } });

/** The volume that a cloud's driver would make for a claim: reachable from the node's zone alone, and as the class's topologies ask. */
export function volumeFor({ metadata, spec }: Claim, storageClass: StorageClass, node: Node, place: PlaceVolume = nowhere): KubeObject {
    const { name = "", namespace = "", uid = "", resourceVersion } = metadata ?? {};
    const { provisioner, reclaimPolicy = "Delete", allowedTopologies = [], mountOptions } = storageClass;
    const keys = new Set([zoneLabel, ...allowedTopologies.flatMap(({ matchLabelExpressions = [] }) => matchLabelExpressions.map(({ key }) => key))]);
    const labels = node.metadata?.labels ?? {};
    const matchExpressions = [...keys].flatMap(key => {
        const value = labels[key];
        return value === undefined ? [] : [{ key, operator: "In", values: [value] }];
    });
    const volume = `pvc-${uid}`;
    return {
        apiVersion: "v1",
        kind: "PersistentVolume",
        metadata: { name: volume, annotations: { [provisionedBy]: provisioner } },
        spec: {
            accessModes: spec?.accessModes,
            capacity: { storage: spec?.resources?.requests?.["storage"] },
            claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", name, namespace, uid, resourceVersion },
            ...place({ name: volume, zone: labels[zoneLabel] ?? "", provisioner }),
            nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions }] } },
            persistentVolumeReclaimPolicy: reclaimPolicy,
            storageClassName: storageClass.metadata?.name,
            volumeMode: spec?.volumeMode ?? "Filesystem",
            ...(mountOptions === undefined ? {} : { mountOptions }),
        },
    };
}

/** Name of a provisioner's driver. A provisioner may be called `a/b`, a driver may not. */
function driverOf(provisioner: string): string {
    return provisioner.replaceAll("/", ".");
}

/**
 * Says of a driver that it attaches nothing, so that the attach controller does not wait for nodes to report in. Nobody needs
 * a CSINode or CSIStorageCapacity: the scheduler passes over what is not there (volumebinding/binder.go, hasEnoughCapacity;
 * nodevolumelimits/csi.go, Filter).
 */
function driver(provisioner: string): KubeObject & Pick<Wire<V1CSIDriver>, "spec"> {
    return { apiVersion: "storage.k8s.io/v1", kind: "CSIDriver", metadata: { name: driverOf(provisioner) }, spec: { attachRequired: false } };
}

const ofObjects = "volumes are objects without a disk: how long one takes to be made, attached or detached, what it holds after a crash, snapshots and growth are not seen";

const ofFolders =
    "a volume is a folder that pods of its zone alone may use: how long a cloud's disk takes to be made, attached or detached, its size and speed, snapshots and growth are not seen, nor what it holds after a power cut";

export interface VolumesOptions extends StandInOptions {
    /** @default a disk that nobody sees */
    readonly place?: PlaceVolume;
}

/** Gives claims a volume in the zone where the scheduler has put their pod, and takes released ones away where their class says so. */
export function playVolumes({ api, fail, place }: VolumesOptions): StandIn {
    const provision = async (claim: Claim): Promise<void> => {
        const { name = "", namespace = "", annotations = {} } = claim.metadata ?? {};
        const [node, storageClass] = await Promise.all([
            api.get({ kind: kinds.node, name: annotations[selectedNode] ?? "" }),
            api.get({ kind: kinds.storageClass, name: claim.spec?.storageClassName ?? "" }),
        ]);
        if (storageClass === undefined || storageClass.provisioner !== annotations[askedProvisioner]) {
            return;
        }
        if (node === undefined) {
            // So the scheduler chooses another, as real provisioners have it do.
            await api.patch({ kind: kinds.persistentVolumeClaim, name, namespace }, { metadata: { annotations: { [selectedNode]: null } } });
            return;
        }
        await api.apply(driver(storageClass.provisioner));
        await api.apply(volumeFor(claim, storageClass, node, place));
    };
    const claims = reconcile<Claim>(api, { what: "a volume", kind: kinds.persistentVolumeClaim, needs: isWaiting, act: provision }, fail);
    const volumes = reconcile<Volume>(
        api,
        {
            what: "the end",
            kind: kinds.persistentVolume,
            needs: ({ metadata, spec, status }) =>
                status?.phase === "Released" && spec?.persistentVolumeReclaimPolicy === "Delete" && metadata?.deletionTimestamp === undefined && metadata?.annotations?.[provisionedBy] !== undefined,
            act: ({ metadata }) => api.delete({ kind: kinds.persistentVolume, name: metadata?.name ?? "" }),
        },
        fail,
    );
    return {
        unproved: place === undefined ? [ofObjects] : [ofFolders],
        ready: Promise.all([claims.started, volumes.started]).then(() => undefined),
        stop: () => {
            claims.stop();
            volumes.stop();
        },
    };
}
