import { kindOf } from "../cluster";
import { quorumSurvivesZoneLoss } from "../model/capacity";
import { addOnsOf } from "../platform";
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

function manualSecret(config: HoldfastConfig): readonly string[] {
    const { app } = config;
    const tls = app === undefined ? undefined : tlsRequest(app, config);
    if (app === undefined || tls === undefined) {
        return [];
    }
    return config.clusters
        .filter(cluster => kindOf(cluster).tlsFrom === "secret")
        .map(cluster =>
            tls.issuer === undefined
                ? `${cluster.name}: put a certificate into Secret ${app.name}/${tls.secretName} before users come: nothing here fills it`
                : `${cluster.name}: Secret ${app.name}/${tls.secretName} is filled by cert-manager's ClusterIssuer ${tls.issuer}, which must be in the cluster and prove by DNS-01`,
        );
}
