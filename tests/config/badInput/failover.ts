/** Invalid failover: the domain, who takes part, and how health is asked for. */
import { clusterConfigs } from "../../support/plan";
import { type BadInput, ready } from "./row";

const on = (...paths: readonly string[]) => ({ base: ready, paths });
const member = { name: "west", stack: "acme/holdfast/prod-west" };
/** Both clusters of {@link ready} answer, and a member. */
const third = { "failover.mode": "active-active", "failover.primary": undefined };

export const badFailovers: readonly BadInput[] = [
    ["failover as text", { failover: "shop.example.com" }, 'failover: {"domain":'],
    ["no domain", { "failover.domain": undefined }, "add domain"],
    ["a domain of one label", { "failover.domain": "shop" }, 'domain: "shop.example.com"'],
    ["a domain that is a URL", { "failover.domain": "https://shop.example.com" }, 'domain: "shop.example.com"'],
    ["no zone", { "failover.zone": undefined }, "add zone"],
    ["a zone with a dot at its end", { "failover.zone": "example.com." }, 'zone: "example.com"'],
    ["a mode that there is not", { "failover.mode": "both" }, 'mode: "active-passive"'],
    ["a primary in capitals", { "failover.primary": "East" }, 'primary: "east"'],
    ["a health interval other than 10 or 30", { "failover.check.interval": 20 }, "interval: 10"],
    ["a health interval as text", { "failover.check.interval": "10" }, "interval: 10"],
    ["no failed check at all", { "failover.check.failures": 0 }, "failures: 2"],
    ["more failed checks than Route 53 counts", { "failover.check.failures": 11 }, "failures: 2"],
    ["a checked path without its slash", { "failover.check.path": "readyz" }, 'path: "/readyz"'],
    ["a checked path that is too long", { "failover.check.path": `/${"x".repeat(255)}` }, 'path: "/readyz"'],
    ["a TTL of nothing", { "failover.ttl": 0 }, "ttl: 30"],
    ["a TTL that is too long", { "failover.ttl": 61 }, "ttl: 30"],
    ["a failback that there is not", { "failover.failback": "auto" }, 'failback: {"holdMinutes":30}'],
    ["a hold-down of more than a day", { "failover.failback.holdMinutes": 1441 }, "holdMinutes: 30"],
    ["members as names", { "failover.members": ["west"] }, 'write members like [{"name":', { paths: ["failover.members[0]"] }],
    ["a member stack without its organization", { ...third, "failover.members": [{ ...member, stack: "prod" }] }, 'stack: "acme/holdfast/prod-east"', on("failover.members[0].stack")],
    ["a member stack of two parts", { ...third, "failover.members": [{ ...member, stack: "holdfast/prod" }] }, 'stack: "acme/holdfast/prod-east"', on("failover.members[0].stack")],
    ["a member stack of four parts", { ...third, "failover.members": [{ ...member, stack: "acme/holdfast/prod/west" }] }, 'stack: "acme/holdfast/prod-east"', on("failover.members[0].stack")],
    ["a member stack with an empty part", { ...third, "failover.members": [{ ...member, stack: "acme//prod" }] }, 'stack: "acme/holdfast/prod-east"', on("failover.members[0].stack")],
    ["a member stack with a space", { ...third, "failover.members": [{ ...member, stack: "acme/holdfast/prod west" }] }, 'stack: "acme/holdfast/prod-east"', on("failover.members[0].stack")],
    ["a member without a stack", { ...third, "failover.members": [{ name: "west" }] }, "add stack", on("failover.members[0].stack")],
    ["a member twice", { ...third, "failover.members": [member, member] }, "holdfast:failover.members[0].name has it already", on("failover.members[1].name")],
    ["an unknown key: fail-over", { "fail-over": {} }, "did you mean failover?"],
    ["an unknown key: holdMinute", { "failover.failback.holdMinute": 30 }, "did you mean holdMinutes?"],
    ["an unknown key: failure", { "failover.check.failure": 2 }, "did you mean failures?"],
    ["a domain outside its zone", { "failover.domain": "shop.example.org" }, "a name that ends in .example.com", on("failover.domain")],
    ["a domain that only ends like its zone", { "failover.domain": "myexample.com" }, "a name that ends in .example.com", on("failover.domain")],
    ["no app to point at", { app: undefined }, "add app, or remove failover", on("app")],
    ["active-passive with three", { "clusters[2]": clusterConfigs.existing }, "use active-active, or remove clusters", on("failover.mode")],
    ["active-passive with one", { clusters: [clusterConfigs.eks] }, "add a second cluster or member", on("failover.mode")],
    ["no primary", { "failover.primary": undefined }, "name the cluster that answers", on("failover.primary")],
    ["a primary that names no cluster", { "failover.primary": "west" }, "name the cluster that answers", on("failover.primary")],
    ["a primary in active-active", { "failover.mode": "active-active" }, "remove primary", on("failover.primary")],
    ["active-active with one", { ...third, clusters: [clusterConfigs.gke] }, "add a cluster or member", on("failover.mode")],
];
