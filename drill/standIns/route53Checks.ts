import { draw } from "./loads";
import { type EndpointHealth, Finding, checkersOfEach, connectSeconds, countHealthy, leastHealthyCheckers } from "./route53Endpoint";
import type { EndpointCheck } from "./route53Records";

/** What a request to a cluster meets: an answer, a load balancer that says at once that nobody is there, or nothing at all. */
export type Reply = "answers" | "refuses" | "silent";

/** One of those who ask. */
interface Checker {
    readonly finding: Finding;
    /** When it asks next. */
    askAt: number;
    /** The request in the air. */
    asked: { readonly endsAt: number; readonly passed: boolean } | undefined;
}

export interface PlayedEndpointOptions {
    /** Seconds on the caller's clock. */
    readonly at: number;
    /** The same seed gives the same checkers. */
    readonly seed: number;
    /** What a request meets now. */
    readonly ask: () => Reply;
}

/** An endpoint whose checkers send nothing: they are told at once what a request would meet. */
export class PlayedEndpoint implements EndpointHealth {
    readonly #checkers: readonly Checker[];

    constructor(
        check: Pick<EndpointCheck, "intervalSeconds" | "failures">,
        private readonly options: PlayedEndpointOptions,
    ) {
        const { at, seed } = options;
        this.#checkers = Array.from({ length: checkersOfEach }, (_, index) => ({
            finding: new Finding(check, draw(seed, index) * check.intervalSeconds),
            askAt: at,
            asked: undefined,
        }));
    }

    get count(): number {
        return countHealthy(this.#checkers);
    }

    get healthy(): boolean {
        return this.count >= leastHealthyCheckers;
    }

    advance(now: number): void {
        for (const checker of this.#checkers) {
            this.#advance(checker, now);
        }
    }

    #advance(checker: Checker, now: number): void {
        for (;;) {
            if (checker.asked === undefined && now >= checker.askAt) {
                const reply = this.options.ask();
                checker.asked = { endsAt: checker.askAt + (reply === "silent" ? connectSeconds : 0), passed: reply === "answers" };
            }
            if (checker.asked === undefined || now < checker.asked.endsAt) {
                return;
            }
            const { endsAt, passed } = checker.asked;
            checker.asked = undefined;
            checker.askAt = endsAt + checker.finding.take(passed);
        }
    }
}
