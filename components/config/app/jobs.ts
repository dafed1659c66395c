import { z } from "zod";

import { cronAllowed } from "../cron";
import { field } from "../fields";
import { dnsLabel, image } from "../values";
import { imageDoc, resources } from "./workload";

/** Work that ends. */

const job = z.strictObject({
    name: field(dnsLabel, { about: "Name of the job.", allowed: "a DNS label of at most 20 characters", example: "migrate" }),
    image: field(image.optional(), { ...imageDoc, about: "Image; by default the app's." }),
    command: field(z.array(z.string()).min(1), {
        about: "Command and arguments.",
        allowed: "a list of at least one word",
        example: ["./migrate", "--all"],
    }),
    // What is wrong with a schedule is told field by field, by the checks.
    schedule: field(z.string().max(200).optional(), {
        about: "When to run, in UTC; without it the job runs once on each change.",
        allowed: cronAllowed,
        example: "30 3 * * *",
    }),
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
        allowed: "Forbid, Replace or Allow (the quota has room for two at a time)",
        example: "Forbid",
    }),
    resources,
});

export const jobs = field(z.array(job).default([]), {
    about: "Work that ends: a Job, or a CronJob where it has a schedule.",
    allowed: "a list of { name, command, schedule?, … }",
    example: [{ name: "report", command: ["./report"], schedule: "30 3 * * *" }],
});
