import type { PlannedStack } from "../../plan/run";
import { type FailoverDns, failoverDns } from "../standIns/route53";
import { type NameAnswer, type NameServer, startNameServer } from "./dns/server";
import { LiveRoute53 } from "./dns/route53";
import type { LiveSite } from "./site";

/** Who answers names in the world. */
export interface Names {
    /** The app's name, that leads to one cluster or another; undefined for a stack without failover. */
    readonly domain: string | undefined;
    /** Its records and what they go by, as the plan has them. */
    readonly dns: FailoverDns | undefined;
    /** Evaluates them from now on. */
    readonly route53: LiveRoute53 | undefined;
    readonly server: { readonly address: string; readonly port: number };
    stop(): Promise<void>;
}

export interface NamesOptions {
    readonly planned: PlannedStack;
    readonly sites: readonly LiveSite[];
    /** Address to listen on, at port 53. */
    readonly address: string;
    readonly signal: AbortSignal;
}

/** Port of name servers. */
const port = 53;

/** Time that resolvers keep a cluster's own name, in seconds: it is an alias of its load balancer (standIns/route53Records.ts). */
const aliasTtlSeconds = 60;

/** Begins to answer names: the app's, by its failover records; each cluster's own; and those of the clusters' load balancers. */
export async function serveNames({ planned: { config, recording }, sites, address, signal }: NamesOptions): Promise<Names> {
    const { failover } = config;
    const dns = failover === undefined ? undefined : failoverDns(recording.resources, failover.domain);
    const own = ownNames(sites, failover?.domain);
    const answerOf = (name: string): NameAnswer | undefined => {
        if (name === dns?.domain && route53 !== undefined) {
            const { cluster, ttlSeconds } = route53.answer();
            const led = entryOf(sites, cluster);
            return led === undefined ? undefined : { addresses: led.addresses, ttlSeconds };
        }
        const cluster = own.get(name);
        return cluster === undefined ? doorNamed(sites, name) : entryOf(sites, cluster);
    };
    const route53 = dns === undefined ? undefined : LiveRoute53.start({ dns, resolve: name => answerOf(name)?.addresses[0], targetsHealthy: cluster => hasTargets(sites, cluster), signal });
    const server: NameServer = await startNameServer({ address, port, answer: answerOf });
    return {
        domain: failover?.domain,
        dns,
        route53,
        server: { address, port },
        stop: async () => {
            route53?.stop();
            await server.close();
        },
    };
}

/** Clusters by the names under which they alone answer: those that their Ingresses route, but for the one that all share. */
function ownNames(sites: readonly LiveSite[], shared: string | undefined): ReadonlyMap<string, string> {
    return new Map(sites.flatMap(({ name, ours }) => ours.doors.flatMap(({ hosts }) => hosts.filter(host => host !== shared).map((host): [string, string] => [host, name]))));
}

/** Where the world comes into a cluster: by its Ingress, where it has one. */
function entryOf(sites: readonly LiveSite[], cluster: string): NameAnswer | undefined {
    const site = sites.find(({ name }) => name === cluster);
    const door = site?.ours.doors[0];
    if (site === undefined || door === undefined) {
        return undefined;
    }
    const { hostname, addresses } = door;
    return hostname === undefined ? { addresses: addresses.map(({ address }) => address), ttlSeconds: aliasTtlSeconds } : site.wayIn.lookup(hostname);
}

/** The answer of the first load balancers that know a name. */
function doorNamed(sites: readonly LiveSite[], name: string): NameAnswer | undefined {
    return sites.map(({ wayIn }) => wayIn.lookup(name)).find(answer => answer !== undefined);
}

/** Whether the load balancer that a cluster's name leads to has a healthy target. */
function hasTargets(sites: readonly LiveSite[], cluster: string): boolean {
    const site = sites.find(({ name }) => name === cluster);
    const door = site?.ours.doors[0];
    return site !== undefined && door !== undefined && site.wayIn.healthyTargets(door) > 0;
}
