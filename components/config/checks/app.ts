import { kindOf } from "../../cluster";
import { zoneLoss } from "../../model/capacity";
import { cores } from "../../model/quantity";
import type { AppConfig, IngressConfig } from "../app";
import { checkPathOf } from "../checkPath";
import { type Problem, pathOf } from "../problems";
import type { HoldfastConfig } from "../schema";
import { shutdownOf } from "../shutdown";
import { tlsRequest } from "../tls";
import { checkPods } from "./pods";
import { checkSecrets } from "./secrets";
import { checkPodShapes } from "./shape";

/** Problems of the app, by itself and on the clusters it runs on. */
export function checkApp(config: HoldfastConfig): readonly Problem[] {
    const { app } = config;
    if (app === undefined) {
        return [];
    }
    return [
        ...reservedName(app),
        ...replicaBounds(app),
        ...limits(app),
        ...checkSecrets(app),
        ...checkPods(app, config),
        ...onClusters(app, config),
        ...checkPodShapes(app, config),
        ...(app.ingress === undefined ? [] : entry(app.ingress, app, config)),
    ];
}

/** The app's name is its namespace's, and Kubernetes keeps some for itself. */
function reservedName({ name }: AppConfig): readonly Problem[] {
    return name === "default" || name.startsWith("kube-")
        ? [{ path: pathOf(["app", "name"]), received: name, allowed: "a name that is no namespace of Kubernetes' own", fix: "rename the app" }]
        : [];
}

function replicaBounds(app: AppConfig): readonly Problem[] {
    const { min, max } = app.replicas;
    const problems: Problem[] = [];
    if (min > max) {
        problems.push({
            path: pathOf(["app", "replicas", "min"]),
            received: min,
            allowed: `at most replicas.max, ${max}`,
            fix: "lower min or raise max",
            reads: [pathOf(["app", "replicas", "max"])],
        });
    }
    const { maxUnavailable } = app.budget;
    // Fewest replicas of which a drain could leave one. A share of more of them never leaves fewer.
    const fewest = Math.max(min, Math.min(2, max));
    if (fewest > 1 && takenAtOnce(maxUnavailable, fewest) >= fewest) {
        problems.push({
            path: pathOf(["app", "budget", "maxUnavailable"]),
            received: maxUnavailable,
            allowed: `less than ${fewest} of ${fewest} replicas, or a drain may take every one at once`,
            fix: "set maxUnavailable to 1",
            reads: [pathOf(["app", "replicas", "min"]), pathOf(["app", "replicas", "max"])],
        });
    }
    return problems;
}

/** Replicas that a budget lets go at once; Kubernetes rounds a percentage up (https://kubernetes.io/docs/tasks/run-application/configure-pdb/#rounding-logic-when-specifying-percentages). */
export function takenAtOnce(maxUnavailable: number | string, replicas: number): number {
    return typeof maxUnavailable === "number" ? maxUnavailable : Math.ceil((replicas * Number.parseInt(maxUnavailable, 10)) / 100);
}

function limits(app: AppConfig): readonly Problem[] {
    const { cpu, cpuLimit } = app.resources;
    return cpuLimit === undefined || cores(cpuLimit) >= cores(cpu)
        ? []
        : [
              {
                  path: pathOf(["app", "resources", "cpuLimit"]),
                  received: cpuLimit,
                  allowed: `at least the request, ${cpu}`,
                  fix: "raise cpuLimit, or leave it out",
                  reads: [pathOf(["app", "resources", "cpu"])],
              },
          ];
}

function onClusters(app: AppConfig, config: HoldfastConfig): readonly Problem[] {
    return config.clusters.flatMap((cluster, index): Problem[] => {
        const kind = kindOf(cluster);
        const zonesPath = pathOf(["clusters", index, "zones"]);
        const zones = kind.describe(cluster).zones.length;
        return [
            ...(zones > 1 ? zoneProblems(app, cluster.name, zones, zonesPath) : []),
            ...shutdownProblems(app, cluster.name, kind.deregistrationSeconds, kind.longestGraceSeconds),
        ];
    });
}

function zoneProblems(app: AppConfig, cluster: string, zones: number, zonesPath: string): readonly Problem[] {
    const { min } = app.replicas;
    if (min < zones) {
        return [
            {
                path: pathOf(["app", "replicas", "min"]),
                received: min,
                allowed: `at least ${zones}, one a zone of ${cluster}`,
                fix: `set replicas.min to ${zones} or more`,
                reads: [zonesPath],
            },
        ];
    }
    const loss = zoneLoss(min, zones, app.scaling.cpu);
    return loss.safe
        ? []
        : [
              {
                  path: pathOf(["app", "scaling", "cpu"]),
                  received: app.scaling.cpu,
                  allowed: `at most ${loss.safeTargetPercent}: when ${cluster} loses a zone, ${loss.survivors} of ${min} replicas carry the whole load`,
                  fix: `set scaling.cpu to ${loss.safeTargetPercent} or less, or raise replicas.min`,
                  reads: [zonesPath, pathOf(["app", "replicas", "min"])],
              },
          ];
}

function shutdownProblems(
    app: AppConfig,
    cluster: string,
    deregistrationSeconds: number,
    longestGraceSeconds: number | undefined,
): readonly Problem[] {
    const { preStopSeconds, graceSeconds, drainSeconds } = shutdownOf(app, deregistrationSeconds);
    const preStopPath = pathOf(["app", "shutdown", "preStopSeconds"]);
    const gracePath = pathOf(["app", "shutdown", "graceSeconds"]);
    const problems: Problem[] = [];
    if (preStopSeconds <= deregistrationSeconds) {
        problems.push({
            path: preStopPath,
            received: preStopSeconds,
            allowed: `over ${deregistrationSeconds}, the time ${cluster}'s load balancer goes on sending requests`,
            fix: "raise preStopSeconds, or leave it out",
        });
    }
    if (graceSeconds <= preStopSeconds + drainSeconds) {
        problems.push({
            path: gracePath,
            received: graceSeconds,
            allowed: `over preStopSeconds plus drainSeconds, ${preStopSeconds + drainSeconds} on ${cluster}`,
            fix: "raise graceSeconds, or leave it out",
            reads: [preStopPath, pathOf(["app", "shutdown", "drainSeconds"])],
        });
    }
    if (longestGraceSeconds !== undefined && graceSeconds > longestGraceSeconds) {
        problems.push({
            path: gracePath,
            received: graceSeconds,
            allowed: `at most ${longestGraceSeconds} on ${cluster}`,
            fix: "lower drainSeconds or preStopSeconds",
        });
    }
    return problems;
}

function entry(ingress: IngressConfig, app: AppConfig, config: HoldfastConfig): readonly Problem[] {
    const { failover } = config;
    const hostPath = pathOf(["app", "ingress", "host"]);
    const problems: Problem[] = [];
    if (failover !== undefined && failover.domain !== ingress.host) {
        problems.push({
            path: hostPath,
            received: ingress.host,
            allowed: `failover.domain, ${failover.domain}: the name that users and health checks ask for must be routed`,
            fix: `set ingress.host to ${failover.domain}`,
            reads: [pathOf(["failover", "domain"])],
        });
    }
    const checkPath = checkPathOf(config);
    if (!routes(ingress.path, checkPath)) {
        problems.push({
            path: pathOf(["app", "ingress", "path"]),
            received: ingress.path,
            allowed: `a prefix of ${checkPath}, which health checks ask for by the same way in`,
            fix: "set ingress.path to /, or the health path to one below it",
            reads: [pathOf(["failover", "check", "path"]), pathOf(["app", "health", "ready"])],
        });
    }
    const tls = tlsRequest(app, config);
    if (tls === undefined) {
        return problems;
    }
    const tlsPath = pathOf(["app", "ingress", "tls"]);
    const reads = [hostPath, pathOf(["failover", "zone"])];
    return [...problems, ...config.clusters.flatMap(cluster => kindOf(cluster).checkTls(cluster, tls, tlsPath).map(problem => ({ ...problem, reads })))];
}

/** Whether an Ingress path of type Prefix matches a path: element by element, as Kubernetes does. */
function routes(prefix: string, path: string): boolean {
    return prefix === "/" || path === prefix || path.startsWith(prefix.endsWith("/") ? prefix : `${prefix}/`);
}
