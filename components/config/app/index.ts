import { z } from "zod";

import { field } from "../fields";
import { dnsLabel } from "../values";
import { jobs } from "./jobs";
import { health, scheduling, shutdown } from "./lifecycle";
import { ingress, network } from "./network";
import { scaling } from "./scaling";
import { env, files, secrets } from "./settings";
import { state } from "./state";
import { appImage, budget, replicas, resources } from "./workload";

const name = field(dnsLabel, {
    about: "Name of the app, and of its namespace.",
    allowed: "a DNS label of at most 20 lower-case letters, digits and hyphens that starts with a letter",
    example: "shop",
});

/** The schema of `holdfast:app`: what runs on every cluster. */
export const appSchema = field(
    z.strictObject({
        name,
        image: appImage,
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
        env,
        secrets,
        files,
        state,
        ingress,
        jobs,
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
