import { isInZone } from "../dns";
import type { FailoverConfig } from "../failover";
import { type Problem, pathOf } from "../problems";
import type { HoldfastConfig } from "../schema";

/** Problems of the failover DNS. */
export function checkFailover(config: HoldfastConfig): readonly Problem[] {
    const { failover } = config;
    if (failover === undefined) {
        return [];
    }
    const names = [...config.clusters, ...failover.members].map(participant => participant.name);
    const reads = participantPaths(config);
    return [
        ...domain(failover),
        ...nothingToPointAt(config),
        ...(failover.mode === "active-passive" ? activePassive(failover, names, reads) : activeActive(failover, names, reads)),
    ];
}

function domain(failover: FailoverConfig): readonly Problem[] {
    return isInZone(failover.domain, failover.zone)
        ? []
        : [
              {
                  path: pathOf(["failover", "domain"]),
                  received: failover.domain,
                  allowed: `a name inside the zone ${failover.zone}`,
                  fix: `set domain to a name that ends in .${failover.zone}, or zone to the zone that holds it`,
                  reads: [pathOf(["failover", "zone"])],
              },
          ];
}

function nothingToPointAt(config: HoldfastConfig): readonly Problem[] {
    return config.clusters.length === 0 || config.app !== undefined
        ? []
        : [
              {
                  path: pathOf(["app"]),
                  received: undefined,
                  allowed: "an app, for failover to point at on the clusters of this stack",
                  fix: "add app, or remove failover",
              },
          ];
}

/** What a finding about the participants rests on: who they are, not what else is said of them. */
function participantPaths({ clusters, failover }: HoldfastConfig): string[] {
    return [
        pathOf(["failover", "mode"]),
        ...clusters.map((_, index) => pathOf(["clusters", index, "name"])),
        ...(failover?.members ?? []).map((_, index) => pathOf(["failover", "members", index, "name"])),
    ];
}

function activePassive(failover: FailoverConfig, names: readonly string[], reads: readonly string[]): readonly Problem[] {
    const problems: Problem[] = [];
    if (names.length !== 2) {
        problems.push({
            path: pathOf(["failover", "mode"]),
            received: failover.mode,
            allowed: `active-passive with exactly two clusters and members together; there are ${names.length}`,
            fix: names.length > 2 ? "use active-active, or remove clusters" : "add a second cluster or member, or remove failover",
            reads,
        });
    }
    if (failover.primary === undefined || !names.includes(failover.primary)) {
        problems.push({
            path: pathOf(["failover", "primary"]),
            received: failover.primary,
            allowed: `one of ${names.join(", ")}`,
            fix: "name the cluster that answers while it is healthy",
            reads,
        });
    }
    return problems;
}

function activeActive(failover: FailoverConfig, names: readonly string[], reads: readonly string[]): readonly Problem[] {
    const problems: Problem[] = [];
    if (names.length < 2) {
        problems.push({
            path: pathOf(["failover", "mode"]),
            received: failover.mode,
            allowed: `active-active with at least two clusters and members together; there is ${names.length}`,
            fix: "add a cluster or member, or remove failover",
            reads,
        });
    }
    if (failover.primary !== undefined) {
        problems.push({
            path: pathOf(["failover", "primary"]),
            received: failover.primary,
            allowed: "no primary in active-active, where every healthy cluster answers",
            fix: "remove primary, or set mode to active-passive",
            reads: [pathOf(["failover", "mode"])],
        });
    }
    return problems;
}
