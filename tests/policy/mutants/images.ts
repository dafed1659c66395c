import { type Mutant, type Plant, both, set } from "../plant";

const container = "spec.template.spec.containers[0]";
const inContainer = (path: string, value: unknown): Plant =>
    set("kubernetes:apps/v1:Deployment", "east-shop-deployment", `${container}.${path}`, value);

/** A resource that the container neither requests nor limits. */
const without = (resource: string): Plant =>
    both(inContainer(`resources.requests.${resource}`, undefined), inContainer(`resources.limits.${resource}`, undefined));

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
    { defect: "no CPU request", rule: "container-requests", plant: without("cpu") },
    {
        defect: "no requests of the state",
        rule: "container-requests",
        plant: set("kubernetes:apps/v1:StatefulSet", "east-shop-state", `${container}.resources`, {
            requests: { "ephemeral-storage": "64Mi" },
            limits: { memory: "256Mi", "ephemeral-storage": "256Mi" },
        }),
    },
    { defect: "no memory limit", rule: "container-memory-limit", plant: inContainer("resources.limits.memory", undefined) },
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
