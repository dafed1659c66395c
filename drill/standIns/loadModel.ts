import { throughputPerReplica } from "../../components/model/capacity";
import type { Load } from "./loads";

/** What a replica may use. */
export interface ReplicaLimit {
    /** CPU limit, in cores; undefined for none. */
    readonly limitCores: number | undefined;
}

/** A load that holds from a moment until the next one is set. */
interface Piece {
    /** On the model's clock, in seconds. */
    readonly since: number;
    readonly load: Load;
}

/** Points in a second at which a mean is taken. A load that changes faster is not seen in full. */
const samplesPerSecond = 4;

/**
 * The load on an app. It is shared evenly over the replicas that take requests, T_pod = T_total / N, and what goes
 * beyond a replica's CPU limit is not done. Real load balancers share less evenly, and a real program's use of CPU
 * does not grow in step with its requests.
 */
export class LoadModel {
    readonly #pieces: Piece[] = [];

    /**
     * @param load until another is set.
     * @param clock seconds since some moment.
     */
    constructor(
        load: Load,
        private readonly clock: () => number = () => performance.now() / 1000,
    ) {
        this.set(load);
    }

    /** A load from now on; its time begins now. What was before stays so. */
    set(load: Load): void {
        this.#pieces.push({ since: this.clock(), load });
    }

    /** Load at this moment, in cores. */
    now(): number {
        return this.#at(this.clock());
    }

    /** Mean load of the last so many seconds, in cores. */
    mean(seconds: number): number {
        const end = this.clock();
        const points = Math.max(1, Math.round(seconds * samplesPerSecond));
        const sum = Array.from({ length: points }, (_, point) => this.#at(end - ((point + 0.5) / points) * seconds)).reduce((total, load) => total + load, 0);
        return sum / points;
    }

    /** The load of the last so many seconds, shared out: the cores that each replica used. */
    usage(replicas: readonly ReplicaLimit[], seconds: number): readonly number[] {
        const each = throughputPerReplica(this.mean(seconds), replicas.length);
        return replicas.map(({ limitCores = Infinity }) => Math.min(each, limitCores));
    }

    #at(time: number): number {
        const piece = this.#pieces.filter(({ since }) => since <= time).at(-1) ?? this.#pieces[0];
        return piece === undefined ? 0 : piece.load(Math.max(0, time - piece.since));
    }
}
