// What this cannot prove: that a cluster takes these objects. It proves that the rules on access, pods,
// networks, secrets and images let pass what is as safe in another form, and what only an update knows.
import assert from "node:assert/strict";

import { evaluate } from "../../policy/evaluate";
import { StackGraph } from "../../policy/graph";
import { accessNamespaces } from "../../policy/kubernetes/accessNamespaces";
import { accessPods } from "../../policy/kubernetes/accessPods";
import { accessRoles } from "../../policy/kubernetes/accessRoles";
import { containerResources } from "../../policy/kubernetes/containerResources";
import { images } from "../../policy/kubernetes/images";
import { networkPolicies } from "../../policy/kubernetes/networkPolicies";
import { networkReachability } from "../../policy/kubernetes/networkReachability";
import { networkServices } from "../../policy/kubernetes/networkServices";
import { podSecurityBaseline } from "../../policy/kubernetes/podSecurityBaseline";
import { podHardening, podSecurityRestricted } from "../../policy/kubernetes/podSecurityRestricted";
import { secrets } from "../../policy/kubernetes/secrets";
import { survival } from "../../policy/kubernetes/survival";
import { type Plant, add, both, set, setKey } from "./plant";
import { capture } from "./stacks";

const rules = [
    ...podSecurityBaseline,
    ...podSecurityRestricted,
    ...podHardening,
    ...accessPods,
    ...accessRoles,
    ...accessNamespaces,
    ...containerResources,
    ...networkPolicies,
    ...networkReachability,
    ...networkServices,
    ...secrets,
    ...images,
];

const deployment = ["kubernetes:apps/v1:Deployment", "east-shop-deployment"] as const;
const policy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const service = ["kubernetes:core/v1:Service", "east-shop-service"] as const;
const ingress = "kubernetes:networking.k8s.io/v1:Ingress";
const account = ["kubernetes:core/v1:ServiceAccount", "east-shop-account"] as const;

const inPod = (path: string, value: unknown): Plant => set(...deployment, `spec.template.spec.${path}`, value);
const inContainer = (path: string, value: unknown): Plant => inPod(`containers[0].${path}`, value);
const variable = (name: string, value: unknown): Plant => inContainer("env", [{ name, value }]);
const alsoPort = (port: unknown): ((ports: readonly unknown[]) => readonly unknown[]) => ports => [...ports, port];

/** Container settings that the pod has too. */
const shared = ["runAsNonRoot", "runAsUser", "runAsGroup", "seccompProfile"];

interface Harmless {
    readonly what: string;
    readonly plant: Plant;
}

const pods: readonly Harmless[] = [
    { what: "settings of the pod alone", plant: both(...shared.map(setting => inContainer(`securityContext.${setting}`, undefined))) },
    { what: "settings of the containers alone", plant: inPod("securityContext", undefined) },
    { what: "a profile of the node's", plant: inPod("securityContext.seccompProfile", { type: "Localhost", localhostProfile: "shop.json" }) },
    { what: "the one capability that may be added", plant: inContainer("securityContext.capabilities.add", ["NET_BIND_SERVICE"]) },
    { what: "root in users of the pod's own", plant: both(inPod("hostUsers", false), inContainer("securityContext.runAsUser", 0)) },
    {
        what: "a Windows pod without Linux' settings",
        plant: both(
            inPod("os", { name: "windows" }),
            inPod("securityContext", { runAsNonRoot: true }),
            inContainer("securityContext", { runAsNonRoot: true }),
        ),
    },
    { what: "AppArmor by the runtime's profile", plant: inPod("securityContext.appArmorProfile", { type: "RuntimeDefault" }) },
    { what: "an SELinux level", plant: inPod("securityContext.seLinuxOptions", { level: "s0:c123,c456" }) },
    { what: "a sysctl of the pod's own", plant: inPod("securityContext.sysctls", [{ name: "net.ipv4.tcp_keepalive_time", value: "60" }]) },
    {
        what: "nulls in place of what is not said",
        plant: both(
            ...["hostNetwork", "initContainers", "os", "securityContext.appArmorProfile", "securityContext.sysctls"].map(path => inPod(path, null)),
            ...["args", "env", "lifecycle", "securityContext.runAsUser", "securityContext.seLinuxOptions"].map(path => inContainer(path, null)),
            set(...service, "spec.externalIPs", null),
            set(policy, "east-shop-allow-clients", "spec.ingress[0].from", null),
        ),
    },
    { what: "volumes of claims", plant: inPod("volumes", alsoPort({ name: "data", persistentVolumeClaim: { claimName: "data" }, hostPath: null })) },
    { what: "a CPU request by its limit", plant: inContainer("resources.requests.cpu", undefined) },
    { what: "an image by digest", plant: inContainer("image", `ghcr.io/stefanprodan/podinfo@sha256:${"0".repeat(64)}`) },
    { what: "an image that only an update knows", plant: inContainer("image", "${repository.url}:${image.tag}") },
    { what: "pods that only an update knows", plant: inPod("containers", "${unknown}") },
    { what: "a container that only an update knows", plant: inPod("containers[0]", "${unknown}") },
];

const binding: Plant = add(account, "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "east-planted", {
    metadata: { name: "planted", namespace: "shop" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "planted" },
    subjects: [{ kind: "ServiceAccount", name: "shop" }],
});

const access: readonly Harmless[] = [
    { what: "a token that a role makes useful", plant: both(binding, inPod("automountServiceAccountToken", true)) },
    { what: "a token that the account refuses", plant: inPod("automountServiceAccountToken", undefined) },
    {
        what: "a role for some Secrets",
        plant: add(account, "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "east-planted", {
            metadata: { name: "planted" },
            rules: [{ apiGroups: [""], resources: ["secrets"], resourceNames: ["shop-tls"], verbs: ["get"] }],
        }),
    },
    {
        what: "a role for a group of people",
        plant: add(account, "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", "east-planted", {
            metadata: { name: "planted" },
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "planted" },
            subjects: [{ kind: "Group", name: "platform" }],
        }),
    },
    { what: "labels that only an update knows", plant: set("kubernetes:core/v1:Namespace", "east-shop-namespace", "metadata.labels", "${unknown}") },
];

const networks: readonly Harmless[] = [
    { what: "ports by name", plant: set(policy, "east-shop-allow-clients", "spec.ingress[0].ports[0].port", "http") },
    { what: "a range of ports", plant: set(policy, "east-shop-allow-clients", "spec.ingress[0].ports[0]", { port: 9000, endPort: 9999 }) },
    { what: "clients by address", plant: set(policy, "east-shop-allow-clients", "spec.ingress[0].from", [{ ipBlock: { cidr: "10.16.0.0/16" } }]) },
    {
        what: "pods by expressions",
        plant: set(policy, "east-shop-allow-clients", "spec.podSelector", {
            matchExpressions: [
                { key: "app.kubernetes.io/component", operator: "In", values: ["app", "web"] },
                { key: "app.kubernetes.io/name", operator: "Exists" },
            ],
        }),
    },
    {
        what: "DNS in its own namespace",
        plant: set(policy, "east-shop-allow-dns", "spec.egress[0].to", [
            { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } },
        ]),
    },
    {
        what: "one policy that denies for each direction",
        plant: both(
            set(policy, "east-shop-deny-all", "spec.policyTypes", ["Ingress"]),
            add([policy, "east-shop-deny-all"], policy, "east-planted", {
                metadata: { name: "planted", namespace: "shop" },
                spec: { podSelector: {}, policyTypes: ["Egress"] },
            }),
        ),
    },
    {
        what: "another port on an internal load balancer",
        plant: both(
            set(...service, "spec.ports", alsoPort({ name: "admin", port: 8081, targetPort: "http" })),
            setKey(...service, "metadata.annotations", "service.beta.kubernetes.io/aws-load-balancer-scheme", undefined),
        ),
    },
    {
        what: "another port for some addresses",
        plant: both(
            set(...service, "spec.ports", alsoPort({ name: "admin", port: 8081, targetPort: "http" })),
            set(...service, "spec.loadBalancerSourceRanges", ["203.0.113.0/24"]),
        ),
    },
    {
        what: "a certificate that Google manages",
        plant: both(
            set(ingress, "central-shop-ingress", "spec.tls", undefined),
            setKey(ingress, "central-shop-ingress", "metadata.annotations", "networking.gke.io/managed-certificates", "shop"),
        ),
    },
];

const sealed = add(account, "kubernetes:core/v1:Secret", "east-planted", { metadata: { name: "planted", namespace: "shop" } });

const kept: readonly Harmless[] = [
    { what: "a variable that names another", plant: variable("DB_PASSWORD", "$(POSTGRES_PASSWORD)") },
    { what: "a variable with the path of a secret", plant: variable("API_TOKEN", "/run/secrets/token") },
    { what: "a variable with the name of a secret", plant: variable("DB_SECRET_ARN", "${database.secretArn}") },
    { what: "a switch of secrets", plant: variable("ALLOW_EMPTY_PASSWORD", "no") },
    { what: "a variable from a Secret", plant: inContainer("env", [{ name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } }]) },
    { what: "a command that names a variable", plant: inContainer("args", ["--password=$(DB_PASSWORD)", "--token-file", "/run/token", "--password-file=x"]) },
    { what: "a Secret that pods name", plant: both(sealed, inContainer("envFrom", [{ secretRef: { name: "planted" } }])) },
    { what: "a Secret that images are pulled with", plant: both(sealed, inPod("imagePullSecrets", [{ name: "planted" }])) },
    {
        what: "a Secret that an annotation names",
        plant: both(sealed, setKey(ingress, "east-shop-ingress", "metadata.annotations", "example.com/auth-secret", "shop/planted")),
    },
    { what: "a disk's encryption that only an update knows", plant: set("kubernetes:storage.k8s.io/v1:StorageClass", "east-shop-storage", "parameters", "${unknown}") },
];

const hpa = ["kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "east-shop-autoscaler"] as const;
const storageClass = ["kubernetes:storage.k8s.io/v1:StorageClass", "east-shop-storage"] as const;

/** What survives as well in another form. */
const lasting: readonly Harmless[] = [
    { what: "a window left out, which is 300 s", plant: set(...hpa, "spec.behavior.scaleDown.stabilizationWindowSeconds", undefined) },
    { what: "a rollout by Kubernetes' default, which stops none of three", plant: set(...deployment, "spec.strategy", undefined) },
    { what: "a shared file system whose volumes are made at once", plant: both(set(...storageClass, "provisioner", "efs.csi.aws.com"), set(...storageClass, "volumeBindingMode", "Immediate")) },
    { what: "a CPU request of the namespace", plant: both(inContainer("resources.requests.cpu", undefined), inContainer("resources.limits.cpu", undefined)) },
    { what: "a memory limit of the namespace", plant: inContainer("resources.limits.memory", undefined) },
    {
        what: "a Service without a selector that has endpoints",
        plant: both(
            set(...service, "spec.selector", undefined),
            add(service, "kubernetes:discovery.k8s.io/v1:EndpointSlice", "east-planted", {
                metadata: { name: "planted", namespace: "shop", labels: { "kubernetes.io/service-name": "shop" } },
            }),
        ),
    },
];

describe("the rules on survival", () => {
    for (const { what, plant } of lasting) {
        it(`let ${what} pass`, async () => {
            assert.deepEqual(evaluate([...survival, ...containerResources], new StackGraph(plant(await capture("prod")))), []);
        });
    }
});

describe("the rules on access, pods, networks, secrets and images", () => {
    for (const { what, plant } of [...pods, ...access, ...networks, ...kept]) {
        it(`let ${what} pass`, async () => {
            assert.deepEqual(evaluate(rules, new StackGraph(plant(await capture("prod")))), []);
        });
    }

    it("stop no update by a guess from a name", async () => {
        const configMap = add(account, "kubernetes:core/v1:ConfigMap", "east-planted", { metadata: { name: "planted", namespace: "shop" }, data: { htpasswd: "shop:$2y$05$abc" } });
        const stack = both(configMap, inContainer("args", ["--secret", "shop-tls"]))(await capture("prod"));
        assert.deepEqual(evaluate(rules, new StackGraph(stack)).map(({ level }) => level), ["advisory", "advisory"]);
    });

    it("never show the secret that they found", async () => {
        const password = "correct horse battery staple";
        const stack = both(variable("DB_PASSWORD", password), inContainer("args", [`--password=${password}`]))(await capture("prod"));
        const messages = evaluate(rules, new StackGraph(stack)).map(({ message }) => message);
        assert.equal(messages.length, 2);
        assert.deepEqual(messages.filter(message => message.includes("horse")), []);
    });

    it("tell every container with its name, and every fault with its value", async () => {
        const stack = inContainer("securityContext.privileged", true)(await capture("prod"));
        assert.deepEqual(
            evaluate(rules, new StackGraph(stack)).map(({ resource, level, message }) => ({ resource, level, message })),
            [
                {
                    resource: "east-shop-deployment",
                    level: "mandatory",
                    message:
                        "container shop: securityContext.privileged is true; fix: remove securityContext.privileged (CKV_K8S_16, CIS EKS 4.2.1, PSS baseline: Privileged Containers, kube-score container-security-context-privileged)",
                },
            ],
        );
    });
});
