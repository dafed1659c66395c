/**
 * What is left after a loss, and what the autoscaler does about it. Rates are requests a second,
 * utilisation is a share of the CPU request (1 = 100 %).
 */

/** Throughput of one replica when `replicas` share `totalThroughput` evenly: T_pod = T_total / N. */
export function throughputPerReplica(totalThroughput: number, replicas: number): number {
    return totalThroughput / replicas;
}

/** Performance: work done per time, P = N / T. `seconds` must be over 0. */
export function performance(completed: number, seconds: number): number {
    return completed / seconds;
}

/** N_new = N_old + ΔN, never under 0. */
export function scaledReplicas(replicas: number, change: number): number {
    return Math.max(0, replicas + change);
}

/** Control error e = r − y: what was asked for (the target) less what is measured. */
export function controlError(reference: number, measured: number): number {
    return reference - measured;
}

/**
 * The autoscaler leaves replicas alone while current/target is within this distance of 1.
 * Kubernetes: `--horizontal-pod-autoscaler-tolerance`, default 0.1
 * (https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/).
 */
export const autoscalerTolerance = 0.1;

/**
 * The HorizontalPodAutoscaler's own law, ceil(N · current / target), before its minimum, maximum and
 * policies (https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details).
 */
export function desiredReplicas(replicas: number, current: number, target: number): number {
    const ratio = current / target;
    return Math.abs(ratio - 1) <= autoscalerTolerance ? replicas : Math.ceil(replicas * ratio);
}

/**
 * Replicas that still run when the fullest of `zones` zones is lost and the replicas were spread
 * with a skew of at most one: N − ceil(N / Z). With one zone, or none named, nothing is left.
 */
export function survivors(replicas: number, zones: number): number {
    return replicas - Math.ceil(replicas / Math.max(1, zones));
}

/**
 * The highest utilisation target, as a share, at which the load of all replicas still fits the
 * survivors of a zone loss: load at target · N must fit N − ceil(N / Z) replicas at 100 %.
 */
export function safeTarget(replicas: number, zones: number): number {
    return replicas === 0 ? 0 : survivors(replicas, zones) / replicas;
}

/** What a zone loss does to an app that runs at its scaling target. */
export interface ZoneLoss {
    /** Zones before the loss. */
    readonly zones: number;
    /** Replicas before the loss. */
    readonly replicas: number;
    /** Replicas right after it, before any is replaced. */
    readonly survivors: number;
    /** Utilisation of the survivors until replacements are ready; over 1 the app is overloaded. */
    readonly utilisation: number;
    /** Whether the survivors carry the load by themselves. */
    readonly safe: boolean;
    /** The highest whole percentage that would be a safe target; 0 where no target is. */
    readonly safeTargetPercent: number;
}

/**
 * The outcome of losing one of `zones` zones while `replicas` run at `targetPercent` of their CPU
 * request.
 */
export function zoneLoss(replicas: number, zones: number, targetPercent: number): ZoneLoss {
    const left = survivors(replicas, zones);
    const utilisation = left === 0 ? Infinity : ((targetPercent / 100) * replicas) / left;
    return {
        zones,
        replicas,
        survivors: left,
        utilisation,
        safe: utilisation <= 1,
        safeTargetPercent: Math.floor(safeTarget(replicas, zones) * 100),
    };
}

/** Room for replicas that is kept free, so that the loss of a zone waits for no new node. */
export interface ZoneLossBuffer {
    /** Replicas for which each zone has room. */
    readonly perZone: number;
    /** Over all zones. */
    readonly replicas: number;
}

/**
 * The room that `replicas` over `zones` zones need beside themselves, so that whichever zone is lost, the others take its replicas in.
 *
 * With a skew of at most one a zone has L = ceil(N / Z) of them at the most, and each of the others takes its share of these: B = ceil(L /
 * (Z − 1)). Any zone may be the one that is lost, so each keeps room for B, and all of them together for Z · B. With one zone, or
 * none named, there is nowhere to go, and nothing to keep.
 */
export function zoneLossBuffer(replicas: number, zones: number): ZoneLossBuffer {
    const lost = replicas - survivors(replicas, zones);
    const perZone = zones < 2 ? 0 : Math.ceil(lost / (zones - 1));
    return { perZone, replicas: perZone * zones };
}

/** Extra pods of a rolling update: a percentage of the replicas, rounded up as Kubernetes does. */
export function surge(replicas: number, percent: number): number {
    return Math.ceil((replicas * percent) / 100);
}

/** The smallest group that is a majority of `members`: what a replicated store needs to stay writable. */
export function quorum(members: number): number {
    return Math.floor(members / 2) + 1;
}

/** Whether a majority is left when the fullest zone is lost. */
export function quorumSurvivesZoneLoss(members: number, zones: number): boolean {
    return survivors(members, zones) >= quorum(members);
}

/** Shares `total` out among `parts` as evenly as whole numbers allow; the first parts get the rest. */
export function shareOut(total: number, parts: number): number[] {
    return Array.from({ length: parts }, (_, index) => Math.floor(total / parts) + (index < total % parts ? 1 : 0));
}
