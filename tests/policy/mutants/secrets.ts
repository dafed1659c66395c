import { type Mutant, type Plant, add, set, setKey } from "../plant";

const configMap = "kubernetes:core/v1:ConfigMap";
const secret = "kubernetes:core/v1:Secret";
const beside = ["kubernetes:core/v1:ServiceAccount", "east-shop-account"] as const;
const container = "spec.template.spec.containers[0]";
const inContainer = (path: string, value: unknown): Plant =>
    set("kubernetes:apps/v1:Deployment", "east-shop-deployment", `${container}.${path}`, value);
const variable = (name: string, value: string): Plant => inContainer("env", [{ name, value }]);

// Made of parts, so that no scanner takes them for keys: the forms are what counts.
const githubToken = `ghp_${"a1".repeat(18)}`;
const awsKey = `AKIA${"A2".repeat(8)}`;
const privateKey = ["-----BEGIN", "PRIVATE KEY-----\nMIIB\n-----END", "PRIVATE KEY-----\n"].join(" ");

export const secrets: readonly Mutant[] = [
    { defect: "a password in a variable", rule: "env-secret-name", plant: variable("DB_PASSWORD", "hunter2") },
    { defect: "a password in a URL", rule: "env-secret", plant: variable("DATABASE", "postgres://shop:hunter2@db.example.com/shop") },
    { defect: "a token in a variable of another name", rule: "env-secret", plant: variable("CI", githubToken) },
    { defect: "a secret of the program in a variable", rule: "env-secret", plant: variable("GREETING", "[secret]") },
    {
        defect: "a password in a job's variable",
        rule: "env-secret-name",
        stack: "full",
        plant: set("kubernetes:batch/v1:Job", "east-shop-job-migrate", `${container}.env`, [{ name: "apiKey", value: "hunter2" }]),
    },
    {
        defect: "a password in a command",
        rule: "command-secret-name",
        plant: set("kubernetes:apps/v1:StatefulSet", "east-shop-state", `${container}.command`, (words: readonly string[]) => [
            ...words,
            "--password",
            "hunter2",
        ]),
    },
    { defect: "a token in an argument", rule: "command-secret-name", plant: inContainer("args", ["--api-token=hunter2"]) },
    { defect: "a token of a known form in an argument", rule: "command-secret", plant: inContainer("args", ["--api-token", githubToken]) },
    { defect: "an AWS key in a script", rule: "command-secret", plant: inContainer("args", ["-c", `KEY=${awsKey} ./serve`]) },
    {
        defect: "a password in a ConfigMap",
        rule: "config-map-secret-name",
        stack: "full",
        plant: setKey(configMap, "east-shop-env", "data", "DB_PASSWORD", "hunter2"),
    },
    {
        defect: "a password in a property of a ConfigMap",
        rule: "config-map-secret-name",
        stack: "full",
        plant: setKey(configMap, "east-shop-env", "data", "spring.datasource.password", "hunter2"),
    },
    {
        defect: "a private key in a file",
        rule: "config-map-secret",
        stack: "full",
        plant: setKey(configMap, "central-shop-files", "data", "shop.conf", privateKey),
    },
    {
        defect: "a secret of the program in a ConfigMap",
        rule: "config-map-secret",
        stack: "full",
        plant: setKey(configMap, "east-shop-env", "data", "CURRENCY", "[secret]"),
    },
    {
        defect: "a token in an annotation",
        rule: "annotation-secret",
        plant: setKey("kubernetes:core/v1:Service", "east-shop-service", "metadata.annotations", "example.com/ci", githubToken),
    },
    {
        defect: "a token in an annotation of pods",
        rule: "annotation-secret",
        plant: setKey("kubernetes:apps/v1:Deployment", "east-shop-deployment", "spec.template.metadata.annotations", "example.com/ci", githubToken),
    },
    {
        defect: "a Secret that nothing uses",
        rule: "secret-unused",
        plant: add(beside, secret, "east-planted", { metadata: { name: "planted", namespace: "shop" }, stringData: { API_TOKEN: "[secret]" } }),
    },
    {
        defect: "disks not encrypted",
        rule: "storage-encrypted",
        plant: setKey("kubernetes:storage.k8s.io/v1:StorageClass", "east-shop-storage", "parameters", "encrypted", undefined),
    },
    {
        defect: "disks in the clear",
        rule: "storage-encrypted",
        stack: "pools",
        plant: setKey("kubernetes:storage.k8s.io/v1:StorageClass", "east-shop-storage", "parameters", "encrypted", "false"),
    },
];
