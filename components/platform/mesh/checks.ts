import { kindOf } from "../../cluster";
import type { AppConfig, HoldfastConfig } from "../../config";
import { type MeshConfig, meshSettings } from "../../config/platform/mesh";
import { monitoringSettings } from "../../config/platform/monitoring";
import { settingsOf } from "../../config/platform/toggle";
import { type Problem, Said, pathOf } from "../../config/problems";
import { tunnelPorts } from "./names";

const own = ["platform", "mesh"];
const ownPath = pathOf(own);
const leastGateways = pathOf([...own, "gateways", "min"]);

/** The settings, with every default. */
export function meshSettingsOf({ platform }: HoldfastConfig): MeshConfig {
    return settingsOf(meshSettings, platform.mesh) ?? meshSettings.parse({});
}

/** Port of the app's own for metrics; undefined where they are not gathered, or served where users come in. */
export function metricsPortOf({ app, platform }: HoldfastConfig): number | undefined {
    const port = settingsOf(monitoringSettings, platform.monitoring)?.metrics?.port;
    return app === undefined || port === app.port ? undefined : port;
}

/** What is wrong with a config that has the mesh on. */
export function checkMesh(config: HoldfastConfig): readonly Problem[] {
    const settings = meshSettingsOf(config);
    const { app } = config;
    return [
        ...closedNodes(config),
        ...noSuchDistribution(settings, config),
        ...gatewayBounds(settings, config),
        ...(app === undefined ? [] : [...takenPorts(app), ...unreachableMetrics(settings, app, config)]),
    ];
}

/**
 * The agent on the nodes enters pods' networks and writes where nodes keep network plugins. GKE Autopilot lets no pod do either:
 * https://istio.io/latest/docs/setup/platform-setup/gke/, https://github.com/istio/istio/issues/57356.
 */
function closedNodes({ clusters }: HoldfastConfig): readonly Problem[] {
    return clusters.flatMap((cluster, index) =>
        kindOf(cluster).hostAccess(cluster) === "any"
            ? []
            : [
                  {
                      path: pathOf(["clusters", index, "nodes"]),
                      received: new Said(kindOf(cluster).describe(cluster).nodes),
                      allowed: "for the mesh, nodes that its agent may reach into: no pod may on these",
                      fix: "set nodes.mode to pools, or turn mesh off",
                      reads: [ownPath],
                  },
              ],
    );
}

function noSuchDistribution({ distribution }: MeshConfig, { clusters }: HoldfastConfig): readonly Problem[] {
    return distribution === undefined || clusters.some(cluster => kindOf(cluster).networkPlugins === undefined)
        ? []
        : [
              {
                  path: pathOf([...own, "distribution"]),
                  received: distribution,
                  allowed: "nothing without a cluster of kind existing: the others' folders are known",
                  fix: "remove distribution",
                  reads: [pathOf(["clusters"])],
              },
          ];
}

function gatewayBounds({ gateways: { min, max } }: MeshConfig, { clusters }: HoldfastConfig): readonly Problem[] {
    const most = clusters.map(cluster => ({ name: cluster.name, zones: kindOf(cluster).describe(cluster).zones.length })).sort((a, b) => b.zones - a.zones)[0];
    return [
        ...(min <= max
            ? []
            : [{ path: leastGateways, received: min, allowed: `at most gateways.max, ${max}`, fix: "lower min or raise max", reads: [pathOf([...own, "gateways", "max"])] }]),
        ...(most === undefined || min >= most.zones
            ? []
            : [{ path: leastGateways, received: min, allowed: `at least ${most.zones}, one a zone of ${most.name}`, fix: `set gateways.min to ${most.zones} or more`, reads: [pathOf(["clusters"])] }]),
    ];
}

/** In a pod of the mesh the tunnel listens too. */
function takenPorts({ port, state }: AppConfig): readonly Problem[] {
    const taken: readonly number[] = Object.values(tunnelPorts);
    const ports = [{ path: pathOf(["app", "port"]), received: port }, ...(state === undefined ? [] : [{ path: pathOf(["app", "state", "port"]), received: state.port }])];
    return ports
        .filter(({ received }) => taken.includes(received))
        .map(place => ({ ...place, allowed: `with the mesh, a port other than ${taken.join(", ")}, which it takes in each pod`, fix: "listen on another port", reads: [ownPath] }));
}

/** Prometheus is not in the mesh, so it can't reach what only the mesh may. */
function unreachableMetrics({ mtls }: MeshConfig, app: AppConfig, config: HoldfastConfig): readonly Problem[] {
    const metrics = settingsOf(monitoringSettings, config.platform.monitoring)?.metrics;
    return metrics === undefined || mtls !== "strict" || metricsPortOf(config) !== undefined
        ? []
        : [
              {
                  path: pathOf(["platform", "monitoring", "metrics", "port"]),
                  received: metrics.port,
                  allowed: `with the mesh, a port other than the app's, ${app.port}, which takes nothing but mutual TLS`,
                  fix: "serve metrics at a port of their own, such as 9797, and set metrics.port to it; or set mesh.mtls to permissive",
                  reads: [pathOf(["app", "port"]), ownPath],
              },
          ];
}

/** What the user should know of the mesh though it works. */
export function meshWarnings(config: HoldfastConfig): readonly string[] {
    const { mtls } = meshSettingsOf(config);
    return [
        ...(mtls === "permissive" ? ["mesh: the app's pods take plain requests too; set platform.mesh.mtls to strict once users come in by the gateway"] : []),
        ...(config.app === undefined ? [] : ["mesh: a gateway may stall where clients break off many large downloads, until it is restarted (istio/istio#60074)"]),
        ...config.clusters.flatMap(cluster => (kindOf(cluster).tunnelCaveat === undefined ? [] : [`${cluster.name}: mesh: ${kindOf(cluster).tunnelCaveat ?? ""}`])),
    ];
}
