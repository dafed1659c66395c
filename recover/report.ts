import { columns } from "../plan/columns";
import type { Fate, Finding } from "./finding";
import type { Recovered } from "./recover";
import { nameOf } from "./state";

/** What a fate means, for people; those come first that need them. */
const fates: Readonly<Record<Fate, string>> = {
    unsolved: "up to you",
    adopted: "there, taken into the state",
    spare: "there twice, the next update deletes it",
    absent: "not there, the next update makes it",
    known: "there, the state has it",
    refreshed: "changed, as it is now",
    repeated: "the next update repeats it",
    // Nobody can do anything about a component or a provider: it is not shown.
    "no thing": "nothing to do",
};

const order = Object.keys(fates);

/** What became of everything that was under way in a cloud, as a table. */
export function renderFindings(findings: readonly Finding[]): string {
    const things = findings.filter(({ fate }) => fate !== "no thing");
    if (things.length === 0) {
        return "Nothing was under way in any cloud.\n";
    }
    const sorted = things.sort((a, b) => order.indexOf(a.fate) - order.indexOf(b.fate));
    const rows = sorted.map(({ operation, fate, id, how }) => [
        `${nameOf(operation.resource.urn)} (${operation.resource.type.split(":").at(-1) ?? ""})`,
        operation.type,
        id ?? "–",
        fates[fate],
        how,
    ]);
    return columns([["Resource", "Was", "Id", "Now", "Known by"], ...rows])
        .map(line => `${line.trimEnd()}\n`)
        .join("");
}

/** What to do about resources of which only people can tell; empty where there are none. */
export function renderUnsolved(findings: readonly Finding[]): string {
    const unsolved = findings.filter(({ fate }) => fate === "unsolved");
    if (unsolved.length === 0) {
        return "";
    }
    const names = unsolved.map(({ operation }) => nameOf(operation.resource.urn));
    const made = unsolved.filter(({ operation }) => operation.type === "creating");
    const [first] = made;
    const told = `\nNothing was written: of ${names.join(", ")} only you can tell. Mend what is said above`;
    return first === undefined ? `${told}, then run this again.\n` : `${told}, or look into the cloud, then run this again with\n${renderOptions(nameOf(first.operation.resource.urn), made)}`;
}

function renderOptions(first: string, made: readonly Finding[]): string {
    return [
        `  --id '${first}=<its id, as pulumi import takes it>'   where it is there`,
        `  --gone '${first}'   where it is not, or where you have deleted it`,
        "Of several resources with one name give the URN:",
        ...made.map(({ operation }) => `  ${operation.resource.urn}`),
        "",
    ].join("\n");
}

/** What came of it, and what comes next. */
export function renderOutcome({ findings, unlocked }: Recovered, stack: string): string {
    const done = [
        ...(unlocked === undefined ? [] : ["took away the lock that the update had left"]),
        findings.length === 0 ? "found that nothing was under way" : "wrote the state, in which nothing is under way any more",
    ];
    return `\nRecovery ${done.join(", and ")}. Next: npx pulumi up --stack ${stack}\n`;
}
