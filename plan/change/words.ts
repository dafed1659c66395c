import { count } from "../words";
import type { Change, PlanDiff } from "./diff";
import { stakes } from "./weight";

/** Paths or names that are given, before "and 2 more". */
const named = 3;

/** "aws:eks/cluster:Cluster" as "eks.Cluster", "kubernetes:apps/v1:Deployment" as "Deployment". */
export function shortType(type: string): string {
    const [provider = "", module = "", name = type] = type.split(":");
    return provider === "kubernetes" ? name : `${module.split("/")[0] ?? module}.${name}`;
}

/** "1 replaced, 2 deleted, 3 created, 14 updated, 166 unchanged"; kinds that there are none of are left out. */
export function countsInWords({ counts }: Pick<PlanDiff, "counts">): string {
    const kinds = [
        [counts.replace, "replaced"],
        [counts.delete, "deleted"],
        [counts.create, "created"],
        [counts.update, "updated"],
    ] as const;
    return [...kinds.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`), `${counts.same} unchanged`].join(", ");
}

/** What is to be known of a change, beside its name and type: parts to be joined. */
export function detailsOf({ action, properties, forcedBy, after, deletedFirst, refused, kept }: Change): readonly string[] {
    const paths = action === "replace" ? forcedBy : properties;
    return [
        ...(paths.length === 0 ? [] : [some(paths)]),
        ...(after.length === 0 ? [] : [`follows ${some(after, 1)}`]),
        ...(deletedFirst ? ["deleted first"] : []),
        ...(kept ? ["what is there is kept"] : []),
        ...(refused ? ["protected: the engine refuses"] : []),
    ];
}

/** Like {@link detailsOf}, with what happens and what goes with it: "replaced by roleArn; takes with it everything that runs in it". */
export function dangerInWords(change: Change): readonly string[] {
    const { action, danger, kept } = change;
    const [first, ...rest] = detailsOf(change);
    const begin = action === "replace" && first !== undefined ? [`replaced by ${first}`, ...rest] : [`${action}d`, ...(first === undefined ? [] : [first]), ...rest];
    return [...begin, ...(danger === null || kept ? [] : [`takes with it ${danger.what}`])];
}

/** The dangerous changes, what weighs most first; and the others by what becomes of them, in the order people ask for. */
export function byDanger({ changes }: Pick<PlanDiff, "changes">): { readonly dangerous: readonly Change[]; readonly others: readonly (readonly [heading: string, changes: readonly Change[]])[] } {
    const rank = ({ kept, danger }: Change): number => (kept || danger === null ? stakes.length : stakes.indexOf(danger.stake));
    const dangerous = changes.filter(({ danger }) => danger !== null).sort((a, b) => rank(a) - rank(b));
    const rest = changes.filter(({ danger }) => danger === null);
    const of = (action: Change["action"]): readonly Change[] => rest.filter(change => change.action === action);
    return {
        dangerous,
        others: [
            ["Replaced", of("replace")],
            ["Deleted", of("delete")],
            ["Created", of("create")],
            ["Updated", of("update")],
        ],
    };
}

/** What a comparison can't tell, and what else should be known of it. */
export function remarksOf({ notes, unseen }: PlanDiff): readonly string[] {
    const names = unseen.map(urn => urn.split("::").at(-1) ?? urn);
    const secrets = `${count(names.length, "resource")} with secrets: their values are in no plan, so a changed value is not seen here (${some(names)})`;
    return [...notes, ...(names.length === 0 ? [] : [secrets])];
}

/** The first of some texts, and how many more there are. */
function some(texts: readonly string[], most = named): string {
    const shown = texts.slice(0, most).join(", ");
    return texts.length > most ? `${shown} and ${texts.length - most} more` : shown;
}
