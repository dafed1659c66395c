import { type Rule, shown } from "../rule";
import { differs, entries, isSet, isUnknown, items } from "../values";
import { containerRule, contextRule, podRule } from "./podRule";
import type { Container } from "./pods";

/** Types that containers have; since version 1.31 of the standard. */
const containerTypes: readonly string[] = ["container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

/**
 * The baseline of the Pod Security standards (https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline),
 * a control a rule, judged as the admission of Kubernetes does (https://github.com/kubernetes/pod-security-admission/tree/master/policy).
 */
export const podSecurityBaseline: readonly Rule[] = [
    containerRule(
        {
            name: "pod-privileged",
            level: "mandatory",
            why: "A privileged container is root on its node, and by that reaches every pod there.",
            ids: ["CKV_K8S_16", "CIS EKS 4.2.1", "PSS baseline: Privileged Containers", "kube-score container-security-context-privileged"],
            fix: "remove securityContext.privileged",
        },
        ({ securityContext }) => (securityContext?.privileged === true ? "securityContext.privileged is true" : undefined),
    ),
    contextRule(
        {
            name: "pod-host-process",
            level: "mandatory",
            why: "A HostProcess container runs on its Windows node itself, with all of the node's rights.",
            ids: ["PSS baseline: HostProcess"],
            fix: "remove securityContext.windowsOptions.hostProcess",
        },
        ({ windowsOptions }) => (windowsOptions?.hostProcess === true ? "securityContext.windowsOptions.hostProcess is true" : undefined),
    ),
    podRule(
        {
            name: "pod-host-namespaces",
            level: "mandatory",
            why: "A pod in its node's own network, process or IPC namespace sees what others send, run or keep in memory.",
            ids: ["CKV_K8S_17", "CKV_K8S_18", "CKV_K8S_19", "CIS EKS 4.2.2", "CIS EKS 4.2.3", "CIS EKS 4.2.4", "PSS baseline: Host Namespaces"],
            fix: "remove hostNetwork, hostPID and hostIPC",
        },
        pod => (["hostNetwork", "hostPID", "hostIPC"] as const).filter(name => pod[name] === true).map(name => `${name} is true`),
    ),
    podRule(
        {
            name: "pod-host-path",
            level: "mandatory",
            why: "A pod with a directory of its node reads what the node and other pods keep there, and with some directories becomes root.",
            ids: ["CKV_K8S_27", "PSS baseline: HostPath Volumes"],
            fix: "use an emptyDir for scratch space, a PersistentVolumeClaim for data",
        },
        ({ volumes }) =>
            items(volumes).flatMap(({ name, hostPath }) => (isSet(hostPath) ? [`volume ${name ?? ""} is the node's ${shown(hostPath.path)}`] : [])),
    ),
    containerRule(
        {
            name: "pod-host-ports",
            level: "mandatory",
            why: "A port of the node goes round Services and NetworkPolicies, and only one such pod fits a node.",
            ids: ["CKV_K8S_26", "PSS baseline: Host Ports"],
            fix: "remove hostPort, and put a Service in front of the pods",
        },
        ({ ports }) => {
            const taken = items(ports).flatMap(({ hostPort }) => (isSet(hostPort) && hostPort !== 0 ? [hostPort] : []));
            return taken.length === 0 ? undefined : `hostPort is ${taken.join(", ")}`;
        },
    ),
    containerRule(
        {
            name: "pod-probe-host",
            level: "mandatory",
            why: "A probe or hook with a host makes the node send requests to any address, past every NetworkPolicy.",
            ids: ["PSS baseline: Host Probes / Lifecycle Hooks"],
            fix: "remove host: without it the kubelet asks the pod itself",
        },
        container => {
            const hosts = handlersOf(container).flatMap(({ httpGet, tcpSocket }) => [httpGet?.host ?? "", tcpSocket?.host ?? ""]);
            const named = hosts.find(host => host !== "");
            return named === undefined ? undefined : `a probe or hook goes to host ${shown(named)}`;
        },
    ),
    contextRule(
        {
            name: "pod-apparmor",
            level: "mandatory",
            why: "A container without an AppArmor profile may do what the runtime's own profile forbids.",
            ids: ["PSS baseline: AppArmor"],
            fix: "remove appArmorProfile, or set its type to RuntimeDefault or Localhost",
        },
        ({ appArmorProfile }) => {
            const type = appArmorProfile?.type;
            const fine = !isSet(appArmorProfile) || isUnknown(appArmorProfile) || isUnknown(type) || confined.includes(type);
            return fine ? undefined : `appArmorProfile.type is ${shown(type)}`;
        },
    ),
    podRule(
        {
            name: "pod-apparmor-annotation",
            level: "mandatory",
            why: "The annotation of before Kubernetes 1.30 still takes a container's AppArmor profile away.",
            ids: ["PSS baseline: AppArmor"],
            fix: "remove the annotation, and say what is needed in securityContext.appArmorProfile",
        },
        (_, { annotations }) =>
            entries(annotations)
                .filter(([key]) => key.startsWith(appArmorAnnotation))
                .filter(([, value]) => !/^($|runtime\/default$|localhost\/)/.test(value) && !isUnknown(value))
                .map(([key, value]) => `annotation ${key} is ${shown(value)}`),
    ),
    contextRule(
        {
            name: "pod-selinux",
            level: "mandatory",
            why: "A custom SELinux type, user or role takes a container out of the confinement that containers have.",
            ids: ["PSS baseline: SELinux"],
            fix: `remove seLinuxOptions, or leave of it a level and a type of ${containerTypes.join(", ")}`,
        },
        ({ seLinuxOptions }) => {
            const { type, user, role } = seLinuxOptions ?? {};
            const set = (["user", "role"] as const).filter(part => ({ user, role })[part] ?? "");
            return isSet(type) && !isUnknown(type) && !["", ...containerTypes].includes(type)
                ? `seLinuxOptions.type is ${shown(type)}`
                : set.length === 0
                  ? undefined
                  : `seLinuxOptions sets ${set.join(" and ")}`;
        },
    ),
    containerRule(
        {
            name: "pod-proc-mount",
            level: "mandatory",
            why: "An unmasked /proc shows and changes settings of the node's kernel.",
            ids: ["PSS baseline: /proc Mount Type"],
            fix: "remove securityContext.procMount",
        },
        ({ securityContext }) => {
            const procMount = securityContext?.procMount;
            return isSet(procMount) && differs(procMount, "Default") ? `securityContext.procMount is ${shown(procMount)}` : undefined;
        },
    ),
    podRule(
        {
            name: "pod-sysctls",
            level: "mandatory",
            why: "Kernel settings that no namespace holds change for every pod of the node.",
            ids: ["PSS baseline: Sysctls"],
            fix: "remove it from securityContext.sysctls; what a node needs belongs into the node's own configuration",
        },
        ({ securityContext }) =>
            items(securityContext?.sysctls).flatMap(({ name }) =>
                name === undefined || isUnknown(name) || safeSysctls.includes(name) ? [] : [`sysctl ${name} is set`],
            ),
    ),
];

/** Requests that a container has the kubelet send. */
function handlersOf({ livenessProbe, readinessProbe, startupProbe, lifecycle }: Container): readonly Handler[] {
    return [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop].filter(isSet);
}

type Handler = Pick<NonNullable<Container["livenessProbe"]>, "httpGet" | "tcpSocket">;

const confined: readonly (string | undefined)[] = ["RuntimeDefault", "Localhost"];
const appArmorAnnotation = "container.apparmor.security.beta.kubernetes.io/";

/** Of version 1.32 of the standard; 1.37 adds net.ipv4.tcp_slow_start_after_idle and net.ipv4.tcp_notsent_lowat. */
const safeSysctls: readonly string[] = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
];
