import { LoadModel } from "../standIns/loadModel";
import { type Load, steady } from "../standIns/loads";
import type { AppFacts } from "./facts";

/**
 * Share of the autoscaler's target at which an app runs at rest. It is inside the autoscaler's tolerance (0.1 around the target),
 * so that it leaves the replicas alone however many they are, and so close to the target that a loss is felt:
 * it is how the model's capacity after a zone loss is reckoned, too.
 */
const restShare = 0.95;

/** The load on an app, in terms of its autoscaler. */
export class StageLoad {
    readonly model: LoadModel;
    readonly #rest: Load;
    #disturbed = false;

    constructor(
        private readonly facts: Pick<AppFacts, "deployment" | "autoscaler">,
        clock?: () => number,
    ) {
        this.#rest = steady(restShare * this.atTarget(facts.deployment.replicas));
        this.model = new LoadModel(this.#rest, clock);
    }

    /** A load from now on, in cores; its time begins now. */
    set(load: Load): void {
        this.#disturbed = true;
        this.model.set(load);
    }

    /** The load at rest, from now on: just under the target, with the replicas that the app has at rest. */
    rest(): void {
        this.model.set(this.#rest);
    }

    /** Whether another load than that at rest was set since the autoscaler last forgot. */
    get disturbed(): boolean {
        return this.#disturbed;
    }

    /** The autoscaler has forgotten. */
    forgotten(): void {
        this.#disturbed = false;
    }

    /** Load at this moment, in cores. */
    now(): number {
        return this.model.now();
    }

    /** Cores at which so many replicas run at the autoscaler's target; without one, at their request. */
    atTarget(replicas: number): number {
        const { deployment, autoscaler } = this.facts;
        return replicas * deployment.requestCores * ((autoscaler?.targetPercent ?? 100) / 100);
    }
}
