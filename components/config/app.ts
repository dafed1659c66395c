import { z } from "zod";

import { field, type FieldDoc } from "./fields";
import { bytes, cidrBlock, cpu, dnsLabel, dnsName, image, urlPath } from "./values";

/** The schema of `holdfast:app`: what runs on every cluster. */

const name = field(dnsLabel, {
    about: "Name of the app, and of its namespace.",
    allowed: "a DNS label of at most 20 lower-case letters, digits and hyphens that starts with a letter",
    example: "shop",
});

const imageDoc: FieldDoc = {
    about: "Container image, pinned by tag, digest or both.",
    allowed: "an image with a tag other than latest, or with a digest (image@sha256:…)",
    example: "ghcr.io/stefanprodan/podinfo:6.9.2",
    fix: "pin the version that was tested, for example ghcr.io/stefanprodan/podinfo:6.9.2",
};

const resources = field(
    z
        .strictObject({
            cpu: field(cpu.default("250m"), {
                about: "CPU that each replica requests; the autoscaler's target is a percentage of it.",
                allowed: "millicores such as 250m, or whole cores such as 2",
                example: "250m",
            }),
            memory: field(bytes.default("256Mi"), {
                about: "Memory that each replica requests, and its limit.",
                allowed: "a whole number of Mi, Gi or Ti",
                example: "256Mi",
            }),
            cpuLimit: field(cpu.optional(), {
                about: "CPU limit; by default four times the request.",
                allowed: "millicores such as 1000m, or whole cores, not under the request",
                example: "1000m",
            }),
        })
        .prefault({}),
    { about: "What each replica needs.", allowed: "{ cpu, memory, cpuLimit? }", example: { cpu: "250m", memory: "256Mi" } },
);

const replicas = field(
    z
        .strictObject({
            min: field(z.int().min(1).max(1000).default(3), {
                about: "Fewest replicas on each cluster; at least one a zone.",
                allowed: "a whole number from 1 to 1000",
                example: 3,
            }),
            max: field(z.int().min(1).max(1000).default(12), {
                about: "Most replicas on each cluster.",
                allowed: "a whole number from 1 to 1000, at least min",
                example: 12,
            }),
        })
        .prefault({}),
    { about: "Bounds of the autoscaler.", allowed: "{ min, max }", example: { min: 3, max: 12 } },
);

function scalingStep(defaults: { pods: number; percent: number; periodSeconds: number; windowSeconds: number }, about: string) {
    return field(
        z
            .strictObject({
                pods: field(z.int().min(1).max(100).default(defaults.pods), {
                    about: "Most replicas to add or take in one period.",
                    allowed: "a whole number from 1 to 100",
                    example: defaults.pods,
                }),
                percent: field(z.int().min(1).max(1000).default(defaults.percent), {
                    about: "Most replicas to add or take in one period, as a percentage of those that run.",
                    allowed: "a whole number from 1 to 1000",
                    example: defaults.percent,
                }),
                periodSeconds: field(z.int().min(1).max(1800).default(defaults.periodSeconds), {
                    about: "Length of a period, in seconds.",
                    allowed: "a whole number from 1 to 1800",
                    example: defaults.periodSeconds,
                }),
                windowSeconds: field(z.int().min(0).max(3600).default(defaults.windowSeconds), {
                    about: "Stabilization window, in seconds: the calmest advice of this time is followed.",
                    allowed: "a whole number from 0 to 3600",
                    example: defaults.windowSeconds,
                }),
            })
            .prefault({}),
        { about, allowed: "{ pods, percent, periodSeconds, windowSeconds }", example: defaults },
    );
}

const scaling = field(
    z
        .strictObject({
            cpu: field(z.int().min(10).max(95).default(60), {
                about: "Target CPU, as a percentage of the request.",
                allowed: "a whole number from 10 to 95 that leaves room for the loss of a zone",
                example: 60,
            }),
            up: scalingStep(
                { pods: 4, percent: 100, periodSeconds: 15, windowSeconds: 0 },
                "How fast to add replicas: whichever of pods and percent allows more.",
            ),
            down: scalingStep(
                { pods: 1, percent: 10, periodSeconds: 60, windowSeconds: 300 },
                "How fast to take replicas away: whichever of pods and percent allows more.",
            ),
        })
        .prefault({}),
    { about: "The autoscaler's target and pace.", allowed: "{ cpu, up?, down? }", example: { cpu: 60 } },
);

const healthPath = (about: string, example: string) =>
    field(urlPath.default(example), { about, allowed: "a path that starts with /", example });

const health = field(
    z
        .strictObject({
            live: healthPath("Path that answers 200 while the process works; failures restart the container.", "/healthz"),
            ready: healthPath("Path that answers 200 while the replica can serve; failures take it out of the load balancer.", "/readyz"),
            startupSeconds: field(z.int().min(5).max(3600).default(60), {
                about: "Longest time that a start may take, in seconds, before the container is restarted.",
                allowed: "a whole number from 5 to 3600",
                example: 60,
            }),
        })
        .prefault({}),
    { about: "How health is asked for, over HTTP on the app's port.", allowed: "{ live, ready, startupSeconds }", example: { live: "/healthz", ready: "/readyz" } },
);

const shutdown = field(
    z
        .strictObject({
            drainSeconds: field(z.int().min(0).max(300).default(20), {
                about: "Time that open requests get to finish after the load balancer has stopped sending new ones.",
                allowed: "a whole number from 0 to 300",
                example: 20,
            }),
            preStopSeconds: field(z.int().min(1).max(300).optional(), {
                about: "Time to go on serving after the end was announced; by default the load balancer's deregistration time plus 5.",
                allowed: "a whole number from 1 to 300, over the load balancer's deregistration time",
                example: 25,
            }),
            graceSeconds: field(z.int().min(2).max(600).optional(), {
                about: "Time from the announcement until the container is killed; by default preStop plus drain plus 5.",
                allowed: "a whole number from 2 to 600, over preStopSeconds plus drainSeconds",
                example: 50,
            }),
        })
        .prefault({}),
    { about: "How a replica ends without losing requests, in seconds.", allowed: "{ drainSeconds, preStopSeconds?, graceSeconds? }", example: { drainSeconds: 20 } },
);

const toleration = z.strictObject({
    key: z.string().min(1),
    operator: z.enum(["Exists", "Equal"]).default("Equal"),
    value: z.string().optional(),
    effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).optional(),
});

const scheduling = field(
    z
        .strictObject({
            nodeSelector: field(z.record(z.string().min(1), z.string()).default({}), {
                about: "Labels that a node must have.",
                allowed: "a mapping of label to value",
                example: { "kubernetes.io/arch": "amd64" },
            }),
            tolerations: field(z.array(toleration).default([]), {
                about: "Taints that the pods put up with.",
                allowed: "a list of { key, operator?, value?, effect? }",
                example: [{ key: "dedicated", operator: "Equal", value: "shop", effect: "NoSchedule" }],
            }),
            priority: field(z.int().min(1).max(1_000_000_000).default(1_000_000), {
                about: "Priority of the app's pods; its jobs get a tenth. Where room is short, higher priority pre-empts lower.",
                allowed: "a whole number from 1 to 1000000000",
                example: 1_000_000,
            }),
            giveUpNodeSeconds: field(z.int().min(0).max(600).default(30), {
                about: "Time until a stateless pod on a silent node is replaced, after the node counts as lost.",
                allowed: "a whole number from 0 to 600",
                example: 30,
            }),
        })
        .prefault({}),
    { about: "Where the pods may run.", allowed: "{ nodeSelector?, tolerations?, priority?, giveUpNodeSeconds? }", example: { priority: 1_000_000 } },
);

const budget = field(
    z
        .strictObject({
            maxUnavailable: field(z.union([z.int().min(1).max(100), z.string().regex(/^[1-9][0-9]?%$/)]).default(1), {
                about: "Replicas that a drain or an upgrade may take away at once.",
                allowed: "a whole number from 1, or a percentage from 1% to 99%; 0 would block every drain",
                example: 1,
            }),
        })
        .prefault({}),
    { about: "Disruption budget of the app.", allowed: "{ maxUnavailable }", example: { maxUnavailable: 1 } },
);

const envName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/);

const files = field(
    z
        .strictObject({
            mountPath: field(urlPath, { about: "Directory of the files.", allowed: "an absolute path", example: "/etc/shop" }),
            data: field(z.record(z.string().regex(/^[-._A-Za-z0-9]+$/), z.string()), {
                about: "File name to content.",
                allowed: "a mapping of file name to text",
                example: { "shop.conf": "currency = EUR\n" },
            }),
        })
        .optional(),
    { about: "Plain files, mounted read-only from a ConfigMap.", allowed: "{ mountPath, data }", example: { mountPath: "/etc/shop", data: { "shop.conf": "currency = EUR\n" } } },
);

const state = field(
    z
        .strictObject({
            image: field(image, { ...imageDoc, example: "docker.io/library/redis:8.2.1", fix: "pin the version that was tested, for example docker.io/library/redis:8.2.1" }),
            command: field(z.array(z.string()).optional(), {
                about: "Command and arguments, in place of the image's own.",
                allowed: "a list of words",
                example: ["redis-server", "--dir", "/data", "--appendonly", "yes"],
            }),
            port: field(z.int().min(1024).max(65535).default(8080), {
                about: "Port that the stateful replicas listen on.",
                allowed: "a whole number from 1024 to 65535",
                example: 6379,
            }),
            replicas: field(z.int().min(1).max(99).default(3), {
                about: "Stateful replicas on each cluster; odd numbers from 3 keep a majority when a zone is lost.",
                allowed: "a whole number from 1 to 99",
                example: 3,
            }),
            size: field(bytes.default("1Gi"), {
                about: "Size of each replica's volume; it can grow, never shrink.",
                allowed: "a whole number of Mi, Gi or Ti",
                example: "10Gi",
            }),
            volume: field(dnsLabel.default("my-data"), {
                about: "Name of the volume claim template.",
                allowed: "a DNS label of at most 20 characters",
                example: "my-data",
            }),
            mountPath: field(urlPath.default("/data"), {
                about: "Directory that the volume is mounted at.",
                allowed: "an absolute path",
                example: "/data",
            }),
            onDelete: field(z.enum(["keep", "delete"]).default("keep"), {
                about: "What becomes of the volumes when the state is removed from the config or destroyed.",
                allowed: "keep or delete",
                example: "keep",
            }),
            resources,
        })
        .optional(),
    { about: "Replicas that keep data, each on a volume of its own.", allowed: "{ image, replicas?, size?, mountPath?, … }", example: { image: "docker.io/library/redis:8.2.1" } },
);

const tls = field(
    z
        .union([
            z.boolean(),
            z.strictObject({
                zone: field(dnsName.optional(), {
                    about: "Hosted zone that proves a cloud-made certificate; by default failover.zone.",
                    allowed: "the name of an existing Route 53 hosted zone",
                    example: "example.com",
                }),
                secretName: field(z.string().min(1).optional(), {
                    about: "Secret with the certificate, on clusters whose load balancer takes one; by default <app>-tls.",
                    allowed: "the name of a Secret of type kubernetes.io/tls in the app's namespace",
                    example: "shop-tls",
                }),
                issuer: field(z.string().min(1).optional(), {
                    about: "cert-manager ClusterIssuer that fills the Secret; without one, the Secret must be put there.",
                    allowed: "the name of a ClusterIssuer",
                    example: "letsencrypt-dns",
                }),
            }),
        ])
        .default(true),
    { about: "TLS at the Ingress.", allowed: "true, false or { zone?, secretName?, issuer? }", example: true },
);

const ingress = field(
    z
        .strictObject({
            host: field(dnsName, {
                about: "Name that users ask for.",
                allowed: "a full DNS name",
                example: "shop.example.com",
            }),
            path: field(urlPath.default("/"), {
                about: "Path prefix that is routed to the app.",
                allowed: "a path that starts with /",
                example: "/",
            }),
            tls,
        })
        .optional(),
    { about: "Routing by host name, with TLS.", allowed: "{ host, path?, tls? }", example: { host: "shop.example.com" } },
);

const job = z.strictObject({
    name: field(dnsLabel, { about: "Name of the job.", allowed: "a DNS label of at most 20 characters", example: "migrate" }),
    image: field(image.optional(), { ...imageDoc, about: "Image; by default the app's." }),
    command: field(z.array(z.string()).min(1), {
        about: "Command and arguments.",
        allowed: "a list of at least one word",
        example: ["./migrate", "--all"],
    }),
    schedule: field(
        z
            .string()
            .regex(/^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|([-*,/0-9A-Za-z]+\s+){4}[-*,/0-9A-Za-z]+)$/)
            .optional(),
        { about: "When to run, in UTC; without it the job runs once on each change.", allowed: "a cron schedule of five fields, or @daily and the like", example: "30 3 * * *" },
    ),
    deadlineSeconds: field(z.int().min(1).max(86_400).default(900), {
        about: "Longest time that a run may take, in seconds.",
        allowed: "a whole number from 1 to 86400",
        example: 900,
    }),
    retries: field(z.int().min(0).max(20).default(3), {
        about: "Times that a failed run is tried again.",
        allowed: "a whole number from 0 to 20",
        example: 3,
    }),
    concurrency: field(z.enum(["Forbid", "Replace", "Allow"]).default("Forbid"), {
        about: "What happens when a run is due while the last one still goes on.",
        allowed: "Forbid, Replace or Allow",
        example: "Forbid",
    }),
    resources,
});

const egressRule = z.strictObject({
    cidr: field(cidrBlock, { about: "Where the app may connect to.", allowed: "an IPv4 block such as 0.0.0.0/0", example: "0.0.0.0/0" }),
    ports: field(z.array(z.int().min(1).max(65535)).min(1), {
        about: "TCP ports there.",
        allowed: "a list of at least one port",
        example: [443],
    }),
});

const network = field(
    z
        .strictObject({
            egress: field(z.array(egressRule).default([]), {
                about: "Connections that the app may open, beside DNS and its own state; everything else is denied.",
                allowed: "a list of { cidr, ports }",
                example: [{ cidr: "0.0.0.0/0", ports: [443] }],
            }),
        })
        .prefault({}),
    { about: "What the app may talk to.", allowed: "{ egress }", example: { egress: [{ cidr: "0.0.0.0/0", ports: [443] }] } },
);

export const appSchema = field(
    z.strictObject({
        name,
        image: field(image, imageDoc),
        port: field(z.int().min(1024).max(65535).default(8080), {
            about: "Port that the app listens on; the load balancer offers it on 80.",
            allowed: "a whole number from 1024 to 65535 (ports under 1024 need root, which the app does not get)",
            example: 8080,
        }),
        replicas,
        resources,
        scaling,
        health,
        shutdown,
        scheduling,
        budget,
        env: field(z.record(envName, z.string()).default({}), {
            about: "Plain environment variables; a change rolls the pods.",
            allowed: "a mapping of variable name to text",
            example: { CURRENCY: "EUR" },
        }),
        secrets: field(z.record(envName, z.string()).default({}), {
            about: "Secret environment variables; a change rolls the pods.",
            allowed: "a mapping of variable name to text, set with `pulumi config set --secret --path`",
            example: { API_TOKEN: "…" },
            secret: true,
        }),
        files,
        state,
        ingress,
        jobs: field(z.array(job).default([]), {
            about: "Work that ends: a Job, or a CronJob where it has a schedule.",
            allowed: "a list of { name, command, schedule?, … }",
            example: [{ name: "report", command: ["./report"], schedule: "30 3 * * *" }],
        }),
        network,
    }),
    { about: "The app that runs on every cluster.", allowed: "{ name, image, … }", example: { name: "shop", image: "ghcr.io/stefanprodan/podinfo:6.9.2" } },
);

/** The app, as config says. */
export type AppConfig = z.output<typeof appSchema>;
/** The app's stateful part, as config says. */
export type StateConfig = NonNullable<AppConfig["state"]>;
/** The app's Ingress, as config says. */
export type IngressConfig = NonNullable<AppConfig["ingress"]>;
/** One job, as config says. */
export type JobConfig = AppConfig["jobs"][number];
