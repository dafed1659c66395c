import { kindOf } from "../../cluster";
import { type AddOn, noFootprint } from "../addOn";
import { meshCarrier } from "./carrier";
import { checkMesh, meshSettingsOf, meshWarnings, metricsPortOf } from "./checks";
import { Istio } from "./istio";
import { memberLabels } from "./names";
import { controlPlaneNamespace, istiodReplicas, istiodRequests, nodeRequests } from "./values";

/** Mutual TLS between all pods of the app, and a gateway that users come in by. */
export const mesh: AddOn = {
    key: "mesh",
    title: "Istio",
    namespaces: [controlPlaneNamespace],
    check: checkMesh,
    warnings: meshWarnings,
    // The gateway is registered object by object.
    footprint: () => ({
        ...noFootprint,
        pods: { cores: istiodReplicas.min * istiodRequests.cores, gib: istiodReplicas.min * istiodRequests.gib },
        eachNode: nodeRequests,
    }),
    create: ({ name, cluster, clusterConfig, config, opts }) => {
        const settings = meshSettingsOf(config);
        const plugins = { folder: kindOf(clusterConfig).networkPlugins, distribution: settings.distribution };
        const { ready } = new Istio(name, { cluster, plugins }, opts);
        return { ready, namespaceLabels: memberLabels, carrier: meshCarrier(settings, { isThere: config.platform.monitoring !== false, appPort: metricsPortOf(config) }) };
    },
};
