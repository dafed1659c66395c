import type { InputsByType } from "../../../policy/inputs";
import { type Mutant, type Plant, add, both, set } from "../plant";

const container = "spec.template.spec.containers[0]";
const inContainer = (path: string, value: unknown): Plant =>
    set("kubernetes:apps/v1:Deployment", "east-shop-deployment", `${container}.${path}`, value);

const state = ["kubernetes:apps/v1:StatefulSet", "east-shop-state"] as const;
const limits = ["kubernetes:core/v1:LimitRange", "east-shop-limits"] as const;

/** A DaemonSet of the cluster's own, in a namespace whose containers get no limits. */
const agent = (resources: unknown): Plant => stack => {
    const app = stack.find(({ type, name }) => type === "kubernetes:apps/v1:Deployment" && name === "east-shop-deployment");
    const { spec }: InputsByType["kubernetes:apps/v1:DaemonSet"] = app?.inputs ?? {};
    return both(
        add(["kubernetes:apps/v1:Deployment", "east-shop-deployment"], "kubernetes:apps/v1:DaemonSet", "east-planted", {
            metadata: { name: "planted", namespace: "kube-system" },
            ...(spec === undefined ? {} : { spec }),
        }),
        set("kubernetes:apps/v1:DaemonSet", "east-planted", `${container}.resources`, resources),
    )(stack);
};

export const images: readonly Mutant[] = [
    { defect: "an image of tag latest", rule: "image-pinned", plant: inContainer("image", "ghcr.io/stefanprodan/podinfo:latest") },
    { defect: "an image without a tag", rule: "image-pinned", plant: inContainer("image", "ghcr.io/stefanprodan/podinfo") },
    {
        defect: "an image without a tag, of a registry with a port",
        rule: "image-pinned",
        plant: inContainer("image", "registry.example.com:5000/podinfo"),
    },
    { defect: "a container without an image", rule: "image-pinned", plant: inContainer("image", undefined) },
    {
        defect: "a job's image of tag latest",
        rule: "image-pinned",
        stack: "full",
        plant: set("kubernetes:batch/v1:CronJob", "east-shop-job-report", `spec.jobTemplate.${container}.image`, "example/report:latest"),
    },
    { defect: "an image that no node pulls", rule: "image-pullable", plant: inContainer("imagePullPolicy", "Never") },
    {
        defect: "no CPU request, nor one of the namespace",
        rule: "container-requests",
        plant: both(
            set(...state, `${container}.resources.requests.cpu`, undefined),
            set(...state, `${container}.resources.limits.cpu`, undefined),
            set(...limits, "spec.limits[0].default.cpu", undefined),
            set(...limits, "spec.limits[0].defaultRequest.cpu", undefined),
        ),
    },
    {
        defect: "no requests in a namespace that gives none",
        rule: "container-requests",
        plant: agent({ requests: { "ephemeral-storage": "64Mi" }, limits: { memory: "256Mi", "ephemeral-storage": "256Mi" } }),
    },
    {
        defect: "no memory limit in a namespace that gives none",
        rule: "container-memory-limit",
        plant: agent({ requests: { cpu: "250m", memory: "256Mi", "ephemeral-storage": "64Mi" }, limits: { "ephemeral-storage": "256Mi" } }),
    },
    {
        defect: "no limit of scratch space",
        rule: "container-scratch-limit",
        plant: inContainer("resources.limits.ephemeral-storage", undefined),
    },
    {
        defect: "no request of scratch space",
        rule: "container-scratch-limit",
        plant: inContainer("resources.requests.ephemeral-storage", undefined),
    },
];
