/** What became of one request. */
export interface Outcome {
    /** When it was sent, in seconds on the caller's clock: not when it was due, where this process was late (see startPace). */
    readonly at: number;
    /** From then until it was answered or given up, in seconds. */
    readonly took: number;
    /** Whether it was answered as it must be. */
    readonly ok: boolean;
    /** What was wrong, in words that are the same for the same fault: "connection refused", "status 503". */
    readonly error?: string;
    /** The address that answered, where a connection came up. */
    readonly address?: string;
}

/** Adds an outcome to those that there are, in the order in which their requests began: most end in nearly that order. */
export function addInOrder(outcomes: Outcome[], outcome: Outcome): void {
    let place = outcomes.length;
    while ((outcomes[place - 1]?.at ?? -Infinity) > outcome.at) {
        place--;
    }
    outcomes.splice(place, 0, outcome);
}

/** Names of Node's errors, as a reader would say them. */
const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: "connection refused",
    ECONNRESET: "connection closed before the answer",
    EPIPE: "connection closed before the answer",
    EHOSTUNREACH: "no route to the address",
    ENETUNREACH: "no route to the address",
    ETIMEDOUT: "no connection, says the system",
};

/** An error in the words of an outcome. */
export function errorText(error: unknown): string {
    if (!(error instanceof Error)) {
        return String(error);
    }
    return ("code" in error ? words[String(error.code)] : undefined) ?? error.message;
}
