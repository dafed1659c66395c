/** One of the store's replicas. */
export interface Replica {
    /** Its pod's name: it stays the same when the pod is replaced, as its volume does. */
    readonly name: string;
    readonly address: string;
    readonly port: number;
}

/** How many of the replicas are more than half of them: two majorities always share one. */
export function majorityOf(replicas: number): number {
    return Math.floor(replicas / 2) + 1;
}
