import { type Rule, shown } from "../rule";
import { at, differs, entries, isSet, isUnknown, items } from "../values";
import { containerRule, contextsOf, hasOwnUsers, isWindows, knownContainers, podRule, titleOf } from "./podRule";

/**
 * What the restricted Pod Security standard demands beyond the baseline
 * (https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted), a control a rule, judged as
 * the admission of Kubernetes does (https://github.com/kubernetes/pod-security-admission/tree/master/policy): pods with
 * users of their own may name any user, Windows pods leave Linux' settings out.
 */
export const podSecurityRestricted: readonly Rule[] = [
    podRule(
        {
            name: "pod-volume-types",
            level: "mandatory",
            why: "A volume that a pod names by its server or disk goes round the claims, classes and quotas that say what it may have.",
            ids: ["PSS restricted: Volume Types"],
            fix: "use a PersistentVolumeClaim, configMap, secret, projected, downwardAPI, emptyDir, ephemeral, image or csi volume",
        },
        ({ volumes }) =>
            items(volumes).flatMap(volume => {
                const kind = entries({ ...volume }).find(([key]) => key !== "name")?.[0];
                // Of the node's directories a rule of the baseline speaks.
                const allowed = kind === undefined || kind === "hostPath" || allowedVolumes.includes(kind);
                return allowed ? [] : [`volume ${volume.name ?? ""} is of type ${kind}`];
            }),
    ),
    containerRule(
        {
            name: "pod-privilege-escalation",
            level: "mandatory",
            why: "Without it a program with the set-user-ID bit makes a container's process root.",
            ids: ["CKV_K8S_20", "CIS EKS 4.2.5", "PSS restricted: Privilege Escalation"],
            fix: "set securityContext.allowPrivilegeEscalation to false in each container",
        },
        ({ securityContext }, pod) => {
            const allowed = at(securityContext, "allowPrivilegeEscalation");
            return differs(allowed, false) && !isWindows(pod) ? `securityContext.allowPrivilegeEscalation is ${shown(allowed)}` : undefined;
        },
    ),
    podRule(
        {
            name: "pod-non-root",
            level: "mandatory",
            why: "A process that is root in its container is one fault of the kernel or the runtime away from being root on the node.",
            ids: ["CKV_K8S_23", "PSS restricted: Running as Non-root"],
            fix: "set securityContext.runAsNonRoot to true in the pod, and to false nowhere",
        },
        pod => {
            const byDefault = pod.securityContext?.runAsNonRoot;
            return contextsOf(pod).flatMap(({ whose, context }, index) => {
                const said = context.runAsNonRoot;
                const unprotected = said === false || (index > 0 && !isSet(said) && !isSet(byDefault));
                return unprotected && !hasOwnUsers(pod) ? [`${whose}: securityContext.runAsNonRoot is ${shown(said)}`] : [];
            });
        },
    ),
    podRule(
        {
            name: "pod-root-user",
            level: "mandatory",
            why: "User 0 is root: with runAsNonRoot the container does not start, without it it starts as root.",
            ids: ["CKV_K8S_23", "PSS restricted: Running as Non-root user"],
            fix: "set securityContext.runAsUser to a user over 10000",
        },
        pod =>
            contextsOf(pod)
                .filter(({ context }) => context.runAsUser === 0 && !hasOwnUsers(pod))
                .map(({ whose }) => `${whose}: securityContext.runAsUser is 0`),
    ),
    podRule(
        {
            name: "pod-seccomp",
            level: "mandatory",
            why: "Without a seccomp profile a container may make every call to the node's kernel.",
            ids: ["CKV_K8S_31", "CIS GKE 4.6.2", "PSS restricted: Seccomp", "kube-score container-seccomp-profile"],
            fix: "set securityContext.seccompProfile.type to RuntimeDefault in the pod",
        },
        pod => {
            const byDefault = pod.securityContext?.seccompProfile?.type;
            return contextsOf(pod).flatMap(({ whose, context }, index) => {
                const said = context.seccompProfile?.type;
                const unconfined = isSet(said) ? !isUnknown(said) && !seccompTypes.includes(said) : index > 0 && !isSet(byDefault);
                return unconfined && !isWindows(pod) ? [`${whose}: securityContext.seccompProfile.type is ${shown(said)}`] : [];
            });
        },
    ),
    containerRule(
        {
            name: "pod-capabilities-dropped",
            level: "mandatory",
            why: "A runtime gives containers capabilities that no app needs, such as to forge packets or to own any file.",
            ids: ["CKV_K8S_28", "CKV_K8S_37", "PSS restricted: Capabilities"],
            fix: 'set securityContext.capabilities.drop to ["ALL"] in each container',
        },
        ({ securityContext }, pod) => {
            const dropped = at(at(securityContext, "capabilities"), "drop");
            return items(dropped).includes("ALL") || isUnknown(dropped) || isWindows(pod)
                ? undefined
                : `securityContext.capabilities.drop is ${shown(dropped)}`;
        },
    ),
    containerRule(
        {
            name: "pod-capabilities-added",
            level: "mandatory",
            why: "A capability is a part of root's power, and several of them are enough to become root.",
            ids: ["CKV_K8S_25", "CKV_K8S_39", "PSS restricted: Capabilities"],
            fix: "remove it from securityContext.capabilities.add; NET_BIND_SERVICE alone may stand there",
        },
        ({ securityContext }) => {
            const added = items(securityContext?.capabilities?.add).filter(name => name !== "NET_BIND_SERVICE");
            return added.length === 0 ? undefined : `securityContext.capabilities.add has ${added.join(", ")}`;
        },
    ),
];

/** What goes beyond the standard: an intruder in a container finds less to work with. */
export const podHardening: readonly Rule[] = [
    containerRule(
        {
            name: "pod-read-only-root",
            level: "advisory",
            why: "Who breaks into a container can't change its programs, or bring others, where its root is read-only.",
            ids: ["CKV_K8S_22", "kube-score container-security-context-readonlyrootfilesystem"],
            fix: "set securityContext.readOnlyRootFilesystem to true, and mount an emptyDir where the app writes",
        },
        ({ securityContext }, pod) => {
            const readOnly = at(securityContext, "readOnlyRootFilesystem");
            return differs(readOnly, true) && !isWindows(pod) ? `securityContext.readOnlyRootFilesystem is ${shown(readOnly)}` : undefined;
        },
    ),
    containerRule(
        {
            name: "pod-user-id",
            level: "advisory",
            why: "A user below 10000 may be one of the node's, and the kubelet can't tell a user that only the image names from root.",
            ids: ["CKV_K8S_40", "kube-score container-security-context-user-group-id"],
            fix: "set securityContext.runAsUser to a user over 10000",
        },
        ({ securityContext }, pod) => {
            const user = securityContext?.runAsUser ?? pod.securityContext?.runAsUser;
            const low = !isSet(user) || (typeof user === "number" && user !== 0 && user < lowestUser);
            return low && !hasOwnUsers(pod) && !isWindows(pod) ? `securityContext.runAsUser is ${shown(user)}` : undefined;
        },
    ),
    podRule(
        {
            name: "pod-root-group",
            level: "advisory",
            why: "A container of root's group, which is what one without a group gets, may read and write what is open to that group alone.",
            ids: ["kube-score container-security-context-user-group-id"],
            fix: "set securityContext.runAsGroup, and fsGroup and supplementalGroups where they are used, to groups over 10000",
        },
        pod => {
            const { runAsGroup, fsGroup, supplementalGroups } = pod.securityContext ?? {};
            const shared = fsGroup === 0 ? ["fsGroup"] : items(supplementalGroups).includes(0) ? ["supplementalGroups"] : [];
            const own = knownContainers(pod).flatMap(container => {
                const group = container.securityContext?.runAsGroup ?? runAsGroup;
                return isSet(group) && group !== 0 ? [] : [`${titleOf(container)}: securityContext.runAsGroup is ${shown(group)}`];
            });
            return hasOwnUsers(pod) || isWindows(pod) ? [] : [...shared.map(setting => `the pod: securityContext.${setting} has group 0`), ...own];
        },
    ),
];

const allowedVolumes: readonly string[] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

const seccompTypes: readonly string[] = ["RuntimeDefault", "Localhost"];

/** As checkov and kube-score have it: systems give their own users, and those of people, lower numbers. */
const lowestUser = 10_000;
