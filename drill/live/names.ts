import type { PlannedStack } from "../../plan/run";
import { Unplayable } from "./unplayable";
import { type FailoverDns, endpointsOf, failoverDns } from "../standIns/route53";
import { aliasTtlSeconds } from "../standIns/route53Records";
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
    /** Address to listen on. */
    readonly address: string;
    /** @default 53, that of name servers */
    readonly port?: number;
    readonly signal: AbortSignal;
}

/** Port of name servers (https://www.rfc-editor.org/rfc/rfc1035#section-4.2). */
const namePort = 53;

/** Begins to answer names: the app's, by its failover records; each cluster's own; and those of the clusters' load balancers. */
export async function serveNames({ planned: { config, recording }, sites, address, port = namePort, signal }: NamesOptions): Promise<Names> {
    const { failover } = config;
    const dns = failover === undefined ? undefined : failoverDns(recording.resources, failover.domain);
    const own = ownNames(sites, dns);
    let questions = 0;
    // A checker takes one address of several: over time each of them.
    const inTurn = (addresses: readonly string[]): string | undefined => addresses[questions++ % Math.max(1, addresses.length)];
    const answerOf = (name: string): NameAnswer | undefined => {
        if (name === dns?.domain && route53 !== undefined) {
            const { cluster, ttlSeconds } = route53.answer();
            const led = entryOf(sites, cluster);
            return led === undefined ? undefined : { addresses: led.addresses, ttlSeconds };
        }
        const cluster = own.get(name);
        return cluster === undefined ? doorNamed(sites, name) : entryOf(sites, cluster);
    };
    const route53 = dns === undefined ? undefined : LiveRoute53.start({ dns, resolve: name => inTurn(answerOf(name)?.addresses ?? []), targetsHealthy: cluster => hasTargets(sites, cluster), signal });
    const server: NameServer = await startNameServer({ address, port, answer: answerOf });
    return {
        domain: failover?.domain,
        dns,
        route53,
        server: { address, port: server.port },
        stop: async () => {
            route53?.stop();
            await server.close();
        },
    };
}

/** Clusters by the names under which they alone answer: those that health checks ask, and those that their Ingresses route, but for the one that all share. */
function ownNames(sites: readonly LiveSite[], dns: FailoverDns | undefined): ReadonlyMap<string, string> {
    const asked = (dns?.answers ?? []).flatMap(({ check }) => endpointsOf(check)).map(({ fqdn, cluster }): [string, string] => [fqdn, cluster]);
    const routed = sites.flatMap(({ name, ours }) => ours.doors.flatMap(({ hosts }) => hosts.filter(host => host !== dns?.domain).map((host): [string, string] => [host, name])));
    return new Map([...asked, ...routed]);
}

/**
 * Makes sure that each name leads to one cluster, but for the one that failover leads.
 *
 * @param routed clusters with the hosts that their Ingresses route.
 * @throws Unplayable where a name would lead to several: a client would come in by another cluster than the one that something is done to.
 */
export function ensureOneClusterEach(routed: readonly { readonly cluster: string; readonly hosts: readonly string[] }[], shared: string | undefined): void {
    const hosts = new Set(routed.flatMap(each => each.hosts));
    for (const host of hosts) {
        const clusters = routed.filter(each => each.hosts.includes(host)).map(({ cluster }) => cluster);
        if (host !== shared && clusters.length > 1) {
            throw new Unplayable(`${host} is routed by ${clusters.join(" and ")}, and nothing says which of them it leads to: add failover, or drill each cluster as a stack of its own`);
        }
    }
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
