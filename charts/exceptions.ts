import type { CheckName, Concern } from "./checks";

/** Something that stands as it is, on purpose. */
export interface Exception {
    readonly check: CheckName;
    /** The release's name without the cluster's, or an add-on's key. */
    readonly role: string;
    /** Start of what it is about, such as "Deployment "; empty for all. */
    readonly subject: string;
    /** Why, in a sentence. */
    readonly reason: string;
}

const roots = "It writes where its image has put things, and neither chart nor operator has a setting for it.";
const agents =
    "It enters the pods' network namespaces, which asks for root and capabilities of the node; the chart has a setting for neither " +
    "(https://github.com/istio/istio/tree/1.30.5/manifests/charts).";
const ceph = "Ceph's daemons and drivers own disks and mounts of their node; neither Rook nor the drivers' operator has a setting for it.";
const priorities = "Rook runs on existing clusters alone, which have no quota for such priorities unless their owners set one; its disks serve all other pods.";

/** The same reason for several checks. */
function because(reason: string, role: string, subject: string, checks: readonly CheckName[]): readonly Exception[] {
    return checks.map(check => ({ check, role, subject, reason }));
}

/** What stands on purpose. One that covers nothing any more is a fault itself. */
export const exceptions: readonly Exception[] = [
    {
        check: "replicas",
        role: "monitoring",
        subject: "Deployment monitoring-operator",
        reason:
            "It has no leader election, so the chart runs one and no more (https://github.com/prometheus-community/helm-charts/issues/3836). " +
            "Prometheus and Alertmanager run on without it; what waits for it is a change of their settings.",
    },
    {
        check: "replicas",
        role: "backup",
        subject: "Deployment velero",
        reason:
            "It has no leader election, so the chart runs one and no more (https://github.com/vmware-tanzu/helm-charts/issues/49). " +
            "A backup that it misses is made when it is back.",
    },
    {
        check: "replicas",
        role: "storage-operator",
        subject: "Deployment rook-ceph-operator",
        reason:
            "The chart runs one or none (https://github.com/rook/rook/blob/v1.20.6/deploy/charts/rook-ceph/templates/deployment.yaml). " +
            "Ceph serves volumes without it; what waits for it is the replacement of a monitor or a disk.",
    },
    ...because(
        "The drivers' operator requires different nodes, and leaves the zone to chance. While neither runs no volume is made or attached; what is mounted goes on.",
        "storage-csi", "Driver rook-ceph.rbd.csi.ceph.com ctrlplugin", ["spread"],
    ),
    ...because("Rook calls Ceph's own programs; that these write nowhere but to its two volumes is not proved.", "storage-operator", "Deployment rook-ceph-operator", ["read-only root"]),
    ...because(roots, "mesh-cni", "DaemonSet istio-cni-node", ["read-only root"]),
    ...because(agents, "mesh-cni", "DaemonSet istio-cni-node", ["root user"]),
    ...because(agents, "mesh-ztunnel", "DaemonSet ztunnel", ["root user", "seccomp"]),
    ...because(ceph, "storage-ceph", "CephCluster ", ["root user", "seccomp", "read-only root"]),
    ...because(ceph, "storage-csi", "Driver ", ["root user", "seccomp", "read-only root"]),
    ...because(priorities, "storage-ceph", "CephCluster ", ["priority"]),
    ...because(priorities, "storage-csi", "Driver ", ["priority"]),
];

/** Concerns that no exception covers, and exceptions that cover nothing. */
export function judge(concerns: readonly Concern[], allowed: readonly Exception[] = exceptions): { readonly open: readonly Concern[]; readonly spare: readonly Exception[] } {
    const covers = ({ check, role, subject }: Exception, concern: Concern): boolean =>
        concern.check === check && concern.role === role && concern.subject.startsWith(subject);
    return {
        open: concerns.filter(concern => !allowed.some(exception => covers(exception, concern))),
        spare: allowed.filter(exception => !concerns.some(concern => covers(exception, concern))),
    };
}
