import { differences } from "../../../plan/change/differences";
import { deletesBeforeReplacing, replacingPaths } from "../../../plan/change/replacing";
import type { Difference } from "../provider/provider";
import type { Properties } from "../provider/wire";
import { withoutMadeUp } from "./madeUpName";

/** What a change of inputs comes to, by what is known of the type: see plan/change/facts. */
export function differenceOf(type: string, before: Properties, after: Properties): Difference {
    const changed = differences(before, after);
    const replacing = replacingPaths(type, before, after);
    return { changed, replacing, deleteFirst: replacing.length > 0 && deletesBeforeReplacing(type, withoutMadeUp(before), withoutMadeUp(after)) };
}
