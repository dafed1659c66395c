import { Reckoning, type Rotation } from "../../standIns/route53Reckoning";
import type { DnsAnswer, FailoverDns } from "../../standIns/route53Records";
import { forMany } from "../clients/deadline";
import { LiveEndpoint } from "./healthCheckers";

/** What a drill with it can't prove. */
export const unprovedOfLiveRoute53: readonly string[] = [
    "Route 53 is played by its documentation: how long it takes to gather its checkers' findings and to tell all its name servers is published nowhere and counts as nothing",
    "health checkers send real requests, but from this machine: what stands between AWS's checkers and a cluster, such as a firewall that does not know their addresses, is not seen",
    "how exactly CloudWatch's window and Route 53's copy of it move can only be seen on AWS: the metric is played with a point a minute, told when the minute is over",
];

export interface LiveRoute53Options {
    readonly dns: FailoverDns;
    /** Address that the name of a health check leads to now; undefined where it leads nowhere. */
    readonly resolve: (fqdn: string) => string | undefined;
    /** Whether a cluster's load balancer has a healthy target now, for records that go by that too. @default every load balancer has */
    readonly targetsHealthy?: (cluster: string) => boolean;
    /** Ends it. */
    readonly signal: AbortSignal;
    /** Seconds on a clock that only goes forward. @default since this process began */
    readonly now?: () => number;
    /** The same seed spreads checkers and answers in the same way. @default 1 */
    readonly seed?: number;
}

/** Time between two looks at what is due, in milliseconds: small against a check's interval. */
const stepMs = 50;

/** Route 53 for one name, in real time: its health checkers send real requests, and its records answer by what they find. */
export class LiveRoute53 {
    readonly #reckoning: Reckoning;
    readonly #over = new AbortController();
    readonly #clock: NodeJS.Timeout;

    private constructor({ dns, resolve, targetsHealthy, signal, now = () => performance.now() / 1000, seed = 1 }: LiveRoute53Options) {
        const ends = forMany(signal, this.#over.signal);
        this.#reckoning = new Reckoning({
            dns,
            at: now(),
            seed,
            endpoint: (check, own) => new LiveEndpoint(check, { seed: own, resolve, now, signal: ends }),
            ...(targetsHealthy === undefined ? {} : { targetsHealthy }),
        });
        this.#clock = setInterval(() => {
            this.#reckoning.advance(now());
        }, stepMs);
        const stop = (): void => {
            clearInterval(this.#clock);
        };
        ends.addEventListener("abort", stop, { once: true });
        if (ends.aborted) {
            stop();
        } else {
            this.#reckoning.advance(now());
        }
    }

    /** Begins to ask, and to answer. Every endpoint counts as healthy at first, as with new checks. */
    static start(options: LiveRoute53Options): LiveRoute53 {
        return new LiveRoute53(options);
    }

    /** The answer to one question: of several records, each as often as its weight says. Its TTL is the record's. */
    answer(): DnsAnswer {
        return this.#reckoning.answer();
    }

    /** Clusters that the name leads to now. */
    rotation(): readonly string[] {
        return this.#reckoning.rotation();
    }

    /** Each change of that, the beginning included, in seconds on its clock; it grows. */
    get rotations(): readonly Rotation[] {
        return this.#reckoning.rotations;
    }

    /** How many of a cluster's checkers find it healthy. */
    checkers(cluster: string): number {
        return this.#reckoning.endpoint(cluster).count;
    }

    /** Sends and reckons no more. It still answers as it did last. */
    stop(): void {
        this.#over.abort(new Error("Route 53 was stopped"));
    }
}
