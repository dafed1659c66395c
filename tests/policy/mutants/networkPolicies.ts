import { type Mutant, type Plant, add, both, drop, set, setKey } from "../plant";

const policy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const service = "kubernetes:core/v1:Service";
const ingress = "kubernetes:networking.k8s.io/v1:Ingress";
const state = { matchLabels: { "app.kubernetes.io/component": "state", "app.kubernetes.io/name": "shop" } };
const app = { matchLabels: { "app.kubernetes.io/component": "app", "app.kubernetes.io/name": "shop" } };
const strangers = { matchLabels: { "app.kubernetes.io/name": "shpo" } };

/** One policy more, of the app's namespace. */
const alsoPolicy = (spec: Readonly<Record<string, unknown>>): Plant =>
    add([policy, "east-shop-deny-all"], policy, "east-planted", { metadata: { name: "planted", namespace: "shop" }, spec });

/** One Service more, to the app's pods. */
const alsoService = (spec: Readonly<Record<string, unknown>>): Plant =>
    add([service, "east-shop-service"], service, "east-planted", {
        metadata: { name: "planted", namespace: "shop" },
        spec: { selector: app.matchLabels, ports: [{ name: "http", port: 80, targetPort: "http" }], ...spec },
    });

const alsoPort = (port: unknown): ((ports: readonly unknown[]) => readonly unknown[]) => ports => [...ports, port];

const isolation: readonly Mutant[] = [
    { defect: "no policy that denies", rule: "namespace-denies-ingress", plant: drop(policy, "east-shop-deny-all") },
    {
        defect: "ingress denied to some pods alone",
        rule: "namespace-denies-ingress",
        plant: set(policy, "central-shop-deny-all", "spec.podSelector", app),
    },
    {
        defect: "egress not denied",
        rule: "namespace-denies-egress",
        stack: "hello",
        plant: both(set(policy, "local-hello-deny-all", "spec.policyTypes", ["Ingress"]), drop(policy, "local-hello-allow-dns")),
    },
    {
        defect: "egress denied to some pods alone",
        rule: "namespace-denies-egress",
        plant: both(
            set(policy, "east-shop-deny-all", "spec.policyTypes", ["Ingress"]),
            set(policy, "east-shop-allow-dns", "spec.podSelector", { matchLabels: { "app.kubernetes.io/name": "shop" } }),
        ),
    },
    {
        defect: "policy types left out, which are Ingress alone",
        rule: "namespace-denies-egress",
        stack: "hello",
        plant: both(set(policy, "local-hello-deny-all", "spec.policyTypes", undefined), drop(policy, "local-hello-allow-dns")),
    },
    {
        defect: "every port open to the world",
        rule: "network-ingress-ports",
        plant: alsoPolicy({ podSelector: app, policyTypes: ["Ingress"], ingress: [{}] }),
    },
    {
        defect: "every port open to neighbours",
        rule: "network-ingress-ports",
        plant: set(policy, "east-shop-allow-state", "spec.ingress[0].ports", undefined),
    },
    {
        defect: "a range of all ports open",
        rule: "network-ingress-ports",
        plant: set(policy, "east-shop-allow-clients", "spec.ingress[0].ports[0]", { port: 1, endPort: 65535 }),
    },
    {
        defect: "egress to everywhere",
        rule: "network-egress-world",
        plant: alsoPolicy({ podSelector: app, policyTypes: ["Egress"], egress: [{}] }),
    },
    {
        defect: "egress to every address on every port",
        rule: "network-egress-world",
        stack: "full",
        plant: both(
            set(policy, "east-shop-allow-egress", "spec.egress[0].to[0].ipBlock.cidr", "0.0.0.0/0"),
            set(policy, "east-shop-allow-egress", "spec.egress[0].ports", undefined),
        ),
    },
    {
        defect: "egress to every IPv6 address by TCP",
        rule: "network-egress-world",
        plant: alsoPolicy({
            podSelector: app,
            policyTypes: ["Egress"],
            egress: [{ to: [{ ipBlock: { cidr: "::/0" } }], ports: [{ protocol: "TCP" }] }],
        }),
    },
    {
        defect: "egress to the node's metadata",
        rule: "network-egress-metadata",
        plant: alsoPolicy({
            podSelector: app,
            policyTypes: ["Egress"],
            egress: [{ to: [{ ipBlock: { cidr: "169.254.169.254/32" } }], ports: [{ port: 80, protocol: "TCP" }] }],
        }),
    },
    {
        defect: "egress to a block that has the node's metadata",
        rule: "network-egress-metadata",
        plant: alsoPolicy({
            podSelector: app,
            policyTypes: ["Egress"],
            egress: [{ to: [{ ipBlock: { cidr: "169.254.0.0/16" } }] }],
        }),
    },
    {
        defect: "the state open to all namespaces",
        rule: "network-state-open",
        plant: set(policy, "east-shop-allow-state", "spec.ingress[0].from", (from: readonly unknown[]) => [...from, { namespaceSelector: {} }]),
    },
    {
        defect: "the state open to the world",
        rule: "network-state-open",
        plant: set(policy, "central-shop-allow-state", "spec.ingress[0].from", undefined),
    },
    {
        defect: "a policy for a misspelt label",
        rule: "network-policy-selects",
        stack: "full",
        plant: set(policy, "east-shop-allow-egress", "spec.podSelector", strangers),
    },
    {
        defect: "a policy that lets misspelt pods in",
        rule: "network-policy-selects",
        plant: set(policy, "east-shop-allow-state", "spec.ingress[0].from", (from: readonly unknown[]) => [...from, { podSelector: strangers }]),
    },
];

const reachability: readonly Mutant[] = [
    { defect: "no way to DNS", rule: "network-dns", plant: drop(policy, "east-shop-allow-dns") },
    {
        defect: "DNS by UDP alone",
        rule: "network-dns",
        plant: set(policy, "east-shop-allow-dns", "spec.egress[0].ports", [{ protocol: "UDP", port: 53 }]),
    },
    {
        defect: "DNS on another port",
        rule: "network-dns",
        plant: set(policy, "central-shop-allow-dns", "spec.egress[0].ports[0].port", 5353),
    },
    { defect: "DNS for the state alone", rule: "network-dns", plant: set(policy, "east-shop-allow-dns", "spec.podSelector", state) },
    { defect: "no way in for clients", rule: "network-service-reachable", plant: drop(policy, "east-shop-allow-clients") },
    {
        defect: "clients let in to another port",
        rule: "network-service-reachable",
        plant: set(policy, "east-shop-allow-clients", "spec.ingress[0].ports[0].port", 8080),
    },
    {
        defect: "clients let in by UDP",
        rule: "network-service-reachable",
        plant: set(policy, "east-shop-allow-clients", "spec.ingress[0].ports[0].protocol", "UDP"),
    },
    {
        defect: "only neighbours let in behind a load balancer",
        rule: "network-service-reachable",
        plant: set(policy, "east-shop-allow-clients", "spec.ingress[0].from", [{ podSelector: {} }]),
    },
    { defect: "no way in to the state", rule: "network-service-reachable", plant: drop(policy, "central-shop-allow-state") },
    { defect: "no way out to the state", rule: "network-both-ends", plant: drop(policy, "east-shop-allow-to-state") },
    {
        defect: "a way out to the state on another port",
        rule: "network-both-ends",
        plant: set(policy, "east-shop-allow-to-state", "spec.egress[0].ports[0].port", 6380),
    },
    {
        defect: "a way out to the app in place of the state",
        rule: "network-both-ends",
        plant: set(policy, "east-shop-allow-to-state", "spec.egress[0].to[0].podSelector", app),
    },
];

const albPorts = "alb.ingress.kubernetes.io/listen-ports";

const waysIn: readonly Mutant[] = [
    { defect: "a port on every node", rule: "service-node-port", plant: alsoService({ type: "NodePort" }) },
    {
        defect: "an address that is somebody's",
        rule: "service-external-ips",
        plant: set(service, "east-shop-state-service", "spec.externalIPs", ["198.51.100.7"]),
    },
    {
        defect: "metrics open to the world",
        rule: "service-public-ports",
        stack: "hello",
        plant: set(service, "local-hello-service", "spec.ports", alsoPort({ name: "metrics", port: 9090, targetPort: "http" })),
    },
    {
        defect: "another port on an internet-facing load balancer",
        rule: "service-public-ports",
        plant: set(service, "east-shop-service", "spec.ports", alsoPort({ name: "admin", port: 8081, targetPort: "http" })),
    },
    { defect: "an Ingress without TLS", rule: "ingress-tls", plant: set(ingress, "central-shop-ingress", "spec.tls", undefined) },
    {
        defect: "an AWS load balancer that listens by HTTP alone",
        rule: "ingress-tls",
        plant: setKey(ingress, "east-shop-ingress", "metadata.annotations", albPorts, '[{"HTTP":80}]'),
    },
    {
        defect: "a snippet for the proxy",
        rule: "ingress-snippets",
        plant: setKey(ingress, "central-shop-ingress", "metadata.annotations", "nginx.ingress.kubernetes.io/server-snippet", "location /x { }"),
    },
];

export const networkPolicies: readonly Mutant[] = [...isolation, ...reachability, ...waysIn];
