import { z } from "zod";

import { type FieldDoc, field } from "../fields";
import { bytes, cpu, image } from "../values";

/** What the app's replicas are, need, and how many there are. */

export const imageDoc: FieldDoc = {
    about: "Container image, pinned by tag, digest or both.",
    allowed: "an image with a tag other than latest, a digest (image@sha256:…), or both",
    example: "ghcr.io/stefanprodan/podinfo:6.9.2",
    fix: "pin the version that was tested, for example ghcr.io/stefanprodan/podinfo:6.9.2",
};

/** The app's image. */
export const appImage = field(image, imageDoc);

export const resources = field(
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

export const replicas = field(
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

export const budget = field(
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
