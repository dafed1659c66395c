import { z } from "zod";

import { field } from "./fields";
import { clusterName, dnsName, urlPath } from "./values";

/** The schema of `holdfast:failover`: the name the world reaches, and what is done when a cluster fails. */

const member = z.strictObject({
    name: clusterName,
    stack: field(z.string().regex(/^[-\w.]+\/[-\w.]+\/[-\w.]+$/), {
        about: "Stack that made the cluster; its outputs say where the cluster answers.",
        allowed: "a full stack name, organization/project/stack",
        example: "acme/holdfast/prod-east",
    }),
});

export const failoverSchema = field(
    z
        .strictObject({
            domain: field(dnsName, {
                about: "Name that the world reaches the app by.",
                allowed: "a full DNS name inside the zone",
                example: "shop.example.com",
            }),
            zone: field(dnsName, {
                about: "Existing public hosted zone in Route 53.",
                allowed: "the name of the zone, without a dot at its end",
                example: "example.com",
            }),
            mode: field(z.enum(["active-passive", "active-active"]).default("active-passive"), {
                about: "One cluster answers and the other stands by, or all answer.",
                allowed: "active-passive (two clusters) or active-active (two or more)",
                example: "active-passive",
            }),
            primary: field(clusterName.optional(), {
                about: "Cluster that answers while it is healthy, in active-passive; changing it is the manual switch.",
                allowed: "the name of one of the clusters or members",
                example: "east",
            }),
            check: field(
                z
                    .strictObject({
                        path: field(urlPath.optional(), {
                            about: "Path that the health checkers ask for; by default the app's readiness path.",
                            allowed: "a path of up to 255 characters that starts with /, without a query",
                            example: "/readyz",
                        }),
                        interval: field(z.union([z.literal(10), z.literal(30)]).default(10), {
                            about: "Seconds between two checks of one health checker.",
                            allowed: "10 or 30 (Route 53 has no other)",
                            example: 10,
                        }),
                        failures: field(z.int().min(1).max(10).default(2), {
                            about: "Checks in a row that must fail before the cluster counts as down.",
                            allowed: "a whole number from 1 to 10",
                            example: 2,
                        }),
                    })
                    .prefault({}),
                { about: "How each cluster's health is judged.", allowed: "{ path?, interval?, failures? }", example: { interval: 10, failures: 2 } },
            ),
            ttl: field(z.int().min(1).max(60).default(30), {
                about: "Seconds that resolvers may keep an answer. Aliases of load balancers always have 60.",
                allowed: "a whole number from 1 to 60",
                example: 30,
            }),
            failback: field(
                z
                    .union([
                        z.literal("manual"),
                        z.strictObject({
                            holdMinutes: field(z.int().min(0).max(1440).default(30), {
                                about: "Minutes of unbroken health before the primary answers again; 0 is at once.",
                                allowed: "a whole number from 0 to 1440",
                                example: 30,
                            }),
                        }),
                    ])
                    .prefault({ holdMinutes: 30 }),
                {
                    about: "When the primary answers again after an outage, in active-passive: after a hold-down, or by hand.",
                    allowed: "{ holdMinutes: 0–1440 } or manual",
                    example: { holdMinutes: 30 },
                },
            ),
            members: field(z.array(member).default([]), {
                about: "Clusters of other stacks that take part, for one stack a cloud.",
                allowed: "a list of { name, stack }",
                example: [{ name: "east", stack: "acme/holdfast/prod-east" }],
            }),
        })
        .optional(),
    {
        about: "Health-checked DNS over all clusters.",
        allowed: "{ domain, zone, mode?, primary?, … }",
        example: { domain: "shop.example.com", zone: "example.com", primary: "east" },
    },
);

/** Failover DNS, as config says. */
export type FailoverConfig = NonNullable<z.output<typeof failoverSchema>>;
/** A cluster of another stack, as config says. */
export type MemberConfig = FailoverConfig["members"][number];
