import { type Mutant, type Plant, both, set, setKey } from "../plant";

const deployment = ["kubernetes:apps/v1:Deployment", "east-shop-deployment"] as const;
const inPod = (path: string, value: unknown): Plant => set(...deployment, `spec.template.spec.${path}`, value);
const inContainer = (path: string, value: unknown): Plant => inPod(`containers[0].${path}`, value);
const inContext = (setting: string, value: unknown): Plant => inContainer(`securityContext.${setting}`, value);
const inState = (path: string, value: unknown): Plant =>
    set("kubernetes:apps/v1:StatefulSet", "central-shop-state", `spec.template.spec.${path}`, value);
const inJob = (path: string, value: unknown): Plant => set("kubernetes:batch/v1:Job", "east-shop-job-migrate", `spec.template.spec.${path}`, value);
const inCronJob = (path: string, value: unknown): Plant =>
    set("kubernetes:batch/v1:CronJob", "central-shop-job-report", `spec.jobTemplate.spec.template.spec.${path}`, value);
const alsoVolume = (volume: unknown): ((volumes: readonly unknown[]) => readonly unknown[]) => volumes => [...volumes, volume];

/** A container that the pod runs before the app's, with what `changed` says of its security. */
const initContainer = (changed: object): Plant =>
    set(...deployment, "spec.template.spec", (pod: { readonly containers: readonly { readonly [key: string]: unknown; readonly securityContext: object }[] }) => {
        const [{ image, resources, securityContext } = { securityContext: {} }] = pod.containers;
        return { ...pod, initContainers: [{ name: "init", image, resources, securityContext: { ...securityContext, ...changed } }] };
    });

const baseline: readonly Mutant[] = [
    { defect: "a privileged container", rule: "pod-privileged", plant: inContext("privileged", true) },
    { defect: "a privileged init container", rule: "pod-privileged", plant: initContainer({ privileged: true }) },
    {
        defect: "a privileged cron job",
        rule: "pod-privileged",
        stack: "full",
        plant: inCronJob("containers[0].securityContext.privileged", true),
    },
    { defect: "a Windows container on the host", rule: "pod-host-process", plant: inContext("windowsOptions", { hostProcess: true }) },
    {
        defect: "a Windows pod on the host",
        rule: "pod-host-process",
        plant: inPod("securityContext.windowsOptions", { hostProcess: true }),
    },
    { defect: "the node's network", rule: "pod-host-namespaces", plant: inPod("hostNetwork", true) },
    { defect: "the node's processes", rule: "pod-host-namespaces", plant: inState("hostPID", true) },
    { defect: "the node's IPC", rule: "pod-host-namespaces", stack: "full", plant: inJob("hostIPC", true) },
    {
        defect: "the container runtime's socket",
        rule: "pod-host-path",
        plant: inPod("volumes", alsoVolume({ name: "run", hostPath: { path: "/run/containerd/containerd.sock" } })),
    },
    { defect: "a port of the node", rule: "pod-host-ports", plant: inContainer("ports[0].hostPort", 80) },
    { defect: "a probe of another host", rule: "pod-probe-host", plant: inContainer("startupProbe.httpGet.host", "169.254.169.254") },
    {
        defect: "a TCP probe of another host",
        rule: "pod-probe-host",
        plant: inState("containers[0].startupProbe.tcpSocket.host", "10.0.0.1"),
    },
    {
        defect: "a hook that asks another host",
        rule: "pod-probe-host",
        plant: inContainer("lifecycle.postStart", { httpGet: { host: "10.0.0.1", port: 80 } }),
    },
    { defect: "no AppArmor for a container", rule: "pod-apparmor", plant: inContext("appArmorProfile", { type: "Unconfined" }) },
    { defect: "no AppArmor for a pod", rule: "pod-apparmor", plant: inPod("securityContext.appArmorProfile", { type: "Unconfined" }) },
    {
        defect: "no AppArmor by annotation",
        rule: "pod-apparmor-annotation",
        plant: setKey(...deployment, "spec.template.metadata.annotations", "container.apparmor.security.beta.kubernetes.io/shop", "unconfined"),
    },
    { defect: "an SELinux type of the host's", rule: "pod-selinux", plant: inPod("securityContext.seLinuxOptions", { type: "spc_t" }) },
    { defect: "an SELinux user", rule: "pod-selinux", plant: inContext("seLinuxOptions", { user: "system_u" }) },
    { defect: "an unmasked /proc", rule: "pod-proc-mount", plant: inContext("procMount", "Unmasked") },
    {
        defect: "a sysctl of the whole node",
        rule: "pod-sysctls",
        plant: inPod("securityContext.sysctls", [{ name: "kernel.msgmax", value: "65536" }]),
    },
];

const restricted: readonly Mutant[] = [
    {
        defect: "a volume from an NFS server",
        rule: "pod-volume-types",
        plant: inPod("volumes", alsoVolume({ name: "share", nfs: { server: "10.0.0.9", path: "/" } })),
    },
    { defect: "privilege escalation allowed", rule: "pod-privilege-escalation", plant: inContext("allowPrivilegeEscalation", true) },
    {
        defect: "privilege escalation not forbidden",
        rule: "pod-privilege-escalation",
        plant: inState("containers[0].securityContext.allowPrivilegeEscalation", undefined),
    },
    {
        defect: "privilege escalation in an init container",
        rule: "pod-privilege-escalation",
        plant: initContainer({ allowPrivilegeEscalation: true }),
    },
    { defect: "root allowed in a container", rule: "pod-non-root", plant: inContext("runAsNonRoot", false) },
    { defect: "root allowed in a pod", rule: "pod-non-root", plant: inPod("securityContext.runAsNonRoot", false) },
    {
        defect: "root forbidden nowhere",
        rule: "pod-non-root",
        plant: both(inContext("runAsNonRoot", undefined), inPod("securityContext.runAsNonRoot", undefined)),
    },
    { defect: "a container as root", rule: "pod-root-user", plant: inContext("runAsUser", 0) },
    { defect: "a pod as root", rule: "pod-root-user", plant: inState("securityContext.runAsUser", 0) },
    { defect: "a job as root", rule: "pod-root-user", stack: "full", plant: inJob("containers[0].securityContext.runAsUser", 0) },
    { defect: "no seccomp profile for a container", rule: "pod-seccomp", plant: inContext("seccompProfile.type", "Unconfined") },
    { defect: "no seccomp profile for a pod", rule: "pod-seccomp", plant: inPod("securityContext.seccompProfile.type", "Unconfined") },
    {
        defect: "a seccomp profile nowhere",
        rule: "pod-seccomp",
        plant: both(inContext("seccompProfile", undefined), inPod("securityContext.seccompProfile", undefined)),
    },
    { defect: "capabilities not dropped", rule: "pod-capabilities-dropped", plant: inContext("capabilities", undefined) },
    { defect: "only some capabilities dropped", rule: "pod-capabilities-dropped", plant: inContext("capabilities.drop", ["NET_RAW"]) },
    {
        defect: "a capability added",
        rule: "pod-capabilities-added",
        plant: inContext("capabilities.add", ["NET_BIND_SERVICE", "SYS_ADMIN"]),
    },
];

const beyond: readonly Mutant[] = [
    { defect: "a writable root", rule: "pod-read-only-root", plant: inContext("readOnlyRootFilesystem", false) },
    {
        defect: "a root that is not said to be read-only",
        rule: "pod-read-only-root",
        plant: inState("containers[0].securityContext.readOnlyRootFilesystem", undefined),
    },
    { defect: "a user that nodes have too", rule: "pod-user-id", plant: inContext("runAsUser", 1000) },
    {
        defect: "a user that only the image names",
        rule: "pod-user-id",
        plant: both(inContext("runAsUser", undefined), inPod("securityContext.runAsUser", undefined)),
    },
    { defect: "root's group", rule: "pod-root-group", plant: inContext("runAsGroup", 0) },
    { defect: "root's group for the volumes", rule: "pod-root-group", plant: inState("securityContext.fsGroup", 0) },
    { defect: "root's group beside another", rule: "pod-root-group", plant: inPod("securityContext.supplementalGroups", [0]) },
    {
        defect: "no group",
        rule: "pod-root-group",
        plant: both(inContext("runAsGroup", undefined), inPod("securityContext.runAsGroup", undefined)),
    },
    { defect: "Services as variables", rule: "pod-service-links", plant: inPod("enableServiceLinks", undefined) },
];

export const podSecurity: readonly Mutant[] = [...baseline, ...restricted, ...beyond];
