import { z } from "zod";

import { field } from "../fields";

/** How the autoscaler adds and takes replicas. */

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

export const scaling = field(
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
