/** Names and their clusters, made up, on a clock that a test turns. */
import { Route53 } from "../../drill/standIns/route53";
import type { Reply } from "../../drill/standIns/route53Checks";
import type { Check, DnsAnswer, EndpointCheck, FailoverDns } from "../../drill/standIns/route53Records";

export const endpoint = (cluster: string, failures = 2): EndpointCheck => ({ kind: "endpoint", cluster, protocol: "https", fqdn: `${cluster}.shop.example.com`, port: 443, path: "/readyz", sni: true, intervalSeconds: 10, failures });

export const east = endpoint("east");
export const central = endpoint("central");

/** East answers while its check holds, else central. */
export const activePassive = (check: Check): FailoverDns => ({
    domain: "shop.example.com",
    answers: [
        { cluster: "east", role: "PRIMARY", weight: 0, ttlSeconds: 60, check },
        { cluster: "central", role: "SECONDARY", weight: 0, ttlSeconds: 30, check: central },
    ],
});

export const holdMinutes = 30;
export const held: Check = { kind: "calculated", threshold: 2, children: [east, { kind: "alarm", of: east, windowSeconds: holdMinutes * 60 }] };
export const latched: Check = { kind: "calculated", threshold: 2, children: [east, { kind: "switch", inverted: false, thrownBy: [{ kind: "alarm", of: east, windowSeconds: 60 }] }] };
export const weighted = (cluster: string, check: Check): DnsAnswer => ({ cluster, role: undefined, weight: 100, ttlSeconds: 60, check });

export const stepSeconds = 0.25;

/** A name and its clusters, on a clock that a test turns. */
export class World {
    readonly route53: Route53;
    now = 0;
    readonly replies = new Map<string, Reply>();

    constructor(
        readonly dns: FailoverDns,
        seed = 1,
    ) {
        this.route53 = new Route53({ dns, at: 0, seed, ask: cluster => this.replies.get(cluster) ?? "answers" });
    }

    /** Lets time pass. */
    pass(seconds: number): void {
        const end = this.now + seconds;
        while (this.now < end) {
            this.now += stepSeconds;
            this.route53.advance(this.now);
        }
    }

    /** Lets time pass until something is so. Returns how long that took; undefined where it did not come. */
    until(is: () => boolean, longest: number): number | undefined {
        const from = this.now;
        while (!is()) {
            if (this.now - from > longest) {
                return undefined;
            }
            this.pass(stepSeconds);
        }
        return this.now - from;
    }

    leadsTo(cluster: string): boolean {
        return this.route53.rotation().join() === cluster;
    }

    /** Where the name led, one after another. */
    get way(): string {
        return this.route53.rotations.map(({ clusters }) => clusters.join("+")).join(" ");
    }
}
