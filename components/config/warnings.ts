import { kindOf } from "../cluster";
import { quorumSurvivesZoneLoss } from "../model/capacity";
import { addOnsOf } from "../platform";
import { ownIssuer } from "./platform/certificates";
import type { HoldfastConfig } from "./schema";
import { tlsRequest } from "./tls";

/** Where and when a config is used. */
export interface Occasion {
    readonly stack: string;
    readonly today: Date;
}

/** What works but should be known: shown by the plan, and by Pulumi on every preview and update. */
export function configWarnings(config: HoldfastConfig, occasion: Occasion): readonly string[] {
    return [
        ...config.clusters.flatMap(cluster => kindOf(cluster).warnings(cluster, occasion.today)),
        ...unprotected(config, occasion.stack),
        ...oneZone(config),
        ...brokenQuorum(config),
        ...fixedNodes(config),
        ...manualSecret(config),
        ...addOnsOf(config).flatMap(addOn => addOn.warnings(config)),
    ];
}

/** Stacks whose name says that people depend on them. */
const productionName = /(^|[-_.])(prod|production|live)([-_.]|$)/;

function unprotected(config: HoldfastConfig, stack: string): readonly string[] {
    return productionName.test(stack)
        ? config.clusters
              .filter(cluster => kindOf(cluster).describe(cluster).protect === false)
              .map(cluster => `${cluster.name}: protect is false in stack ${stack}: one command destroys the cluster`)
        : [];
}

function oneZone(config: HoldfastConfig): readonly string[] {
    return config.clusters
        .filter(cluster => kindOf(cluster).describe(cluster).zones.length < 2)
        .map(cluster => `${cluster.name}: fewer than two zones are named: nothing is promised for the loss of a zone`);
}

function brokenQuorum(config: HoldfastConfig): readonly string[] {
    const state = config.app?.state;
    if (state === undefined) {
        return [];
    }
    return config.clusters
        .map(cluster => ({ name: cluster.name, zones: kindOf(cluster).describe(cluster).zones.length }))
        .filter(({ zones }) => zones > 1 && !quorumSurvivesZoneLoss(state.replicas, zones))
        .map(
            ({ name, zones }) =>
                `${name}: ${state.replicas} stateful replicas over ${zones} zones lose their majority with one zone: use an odd number of replicas, 3 or more, over 3 zones`,
        );
}

function fixedNodes({ clusters, platform }: HoldfastConfig): readonly string[] {
    return platform.autoscaling === false
        ? clusters
              .filter(cluster => kindOf(cluster).nodeScaling(cluster).by === "add-on")
              .map(({ name }) => `${name}: node pools keep their size without a node autoscaler, and maxNodes is only a bound: platform.autoscaling brings one`)
        : [];
}

function manualSecret(config: HoldfastConfig): readonly string[] {
    const { app } = config;
    const tls = app === undefined ? undefined : tlsRequest(app, config);
    const own = ownIssuer(config);
    if (app === undefined || tls === undefined || (own !== undefined && own === tls.issuer)) {
        return [];
    }
    const filler = own === undefined ? "nothing here fills it" : `ClusterIssuer ${own} fills it once app.ingress.tls.issuer names it`;
    return config.clusters
        .filter(cluster => kindOf(cluster).tlsFrom === "secret")
        .map(cluster =>
            tls.issuer === undefined
                ? `${cluster.name}: put a certificate into Secret ${app.name}/${tls.secretName} before users come: ${filler}`
                : `${cluster.name}: Secret ${app.name}/${tls.secretName} is filled by cert-manager's ClusterIssuer ${tls.issuer}, which must be in the cluster and prove by DNS-01`,
        );
}
