import { kindOf } from "../../cluster";
import { zoneLoss } from "../../model/capacity";
import { cores } from "../../model/quantity";
import type { AppConfig, IngressConfig } from "../app";
import { checkPathOf } from "../checkPath";
import { type Problem, Said, pathOf } from "../problems";
import type { HoldfastConfig } from "../schema";
import { shutdownOf } from "../shutdown";
import { checkPodShapes } from "./shape";
import { tlsRequest } from "../tls";

/** Names of variables that hold secrets; anchored at word ends so that KEYBOARD or TOKENIZER pass. */
const secretName = /(^|_)(PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIALS?|(API|ACCESS|PRIVATE|SECRET)_?KEY)(_|$)/i;

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
        ...variables(app),
        ...duplicateJobs(app),
        ...longJobNames(app, config),
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
    // Kubernetes rounds a percentage up.
    const taken = typeof maxUnavailable === "number" ? maxUnavailable : Math.ceil((min * Number.parseInt(maxUnavailable, 10)) / 100);
    if (min > 1 && taken >= min) {
        problems.push({
            path: pathOf(["app", "budget", "maxUnavailable"]),
            received: maxUnavailable,
            allowed: `less than replicas.min, ${min}, or a drain may take every replica at once`,
            fix: "set maxUnavailable to 1",
            reads: [pathOf(["app", "replicas", "min"])],
        });
    }
    return problems;
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

function variables(app: AppConfig): readonly Problem[] {
    const plainSecrets = Object.keys(app.env)
        .filter(name => secretName.test(name))
        .map(name => ({
            path: pathOf(["app", "env", name]),
            received: new Said("a value under a name that sounds like a secret"),
            allowed: "plain values only",
            fix: `move it: pulumi config set --secret --path 'holdfast:app.secrets.${name}'`,
        }));
    const twice = Object.keys(app.env)
        .filter(name => Object.hasOwn(app.secrets, name))
        .map(name => ({
            path: pathOf(["app", "env", name]),
            received: new Said("a name that app.secrets has too"),
            allowed: "each variable once",
            fix: `remove ${name} from env or from secrets`,
            reads: [pathOf(["app", "secrets", name])],
        }));
    return [...plainSecrets, ...twice];
}

function duplicateJobs(app: AppConfig): readonly Problem[] {
    const names = app.jobs.map((_, index) => pathOf(["app", "jobs", index, "name"]));
    return app.jobs.flatMap((job, index) =>
        app.jobs.findIndex(other => other.name === job.name) === index
            ? []
            : [{ path: pathOf(["app", "jobs", index, "name"]), received: job.name, allowed: "a name that no other job has", fix: "rename the job", reads: names }],
    );
}

/** A Job's name is made of cluster, app and job, and becomes a label of its pods. */
const longestLabel = 63;
const madeUpJobName = "--job--12345678";

function longJobNames(app: AppConfig, { clusters }: HoldfastConfig): readonly Problem[] {
    const longestCluster = Math.max(0, ...clusters.map(({ name }) => name.length));
    const room = longestLabel - madeUpJobName.length - longestCluster - app.name.length;
    return app.jobs.flatMap(({ name, schedule }, index) =>
        schedule !== undefined || name.length <= room
            ? []
            : [
                  {
                      path: pathOf(["app", "jobs", index, "name"]),
                      received: name,
                      allowed: `at most ${room} characters, which with the names of app and cluster make ${longestLabel}`,
                      fix: "shorten the name of the job, the app or the cluster",
                      reads: [pathOf(["app", "name"]), pathOf(["clusters"])],
                  },
              ],
    );
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
