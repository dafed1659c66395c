import { conditionOf, kinds } from "../../api";
import { unreachable } from "../../drills/disruption/outage";
import type { Sampler } from "../../stage";

/** Notes which nodes are given up while a sampler goes on: those that are not Ready any more, or that pods may not stay on. Resolves after the first look. */
export async function watchGivenUp({ watch }: Pick<Sampler, "watch">): Promise<() => readonly string[]> {
    const givenUp = new Set<string>();
    await watch({
        kind: kinds.node,
        where: {},
        seen: nodes => {
            for (const node of nodes) {
                if (conditionOf(node, "Ready") !== "True" || (node.spec?.taints ?? []).some(({ key }) => key === unreachable)) {
                    givenUp.add(node.metadata?.name ?? "");
                }
            }
        },
    });
    return () => [...givenUp].sort();
}
