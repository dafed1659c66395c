import { conditionOf, kinds } from "../../api";
import type { Sampler } from "../../stage";

/** Taint of a node that nothing is heard of (https://kubernetes.io/docs/reference/labels-annotations-taints/#node-kubernetes-io-unreachable). */
const unreachable = "node.kubernetes.io/unreachable";

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
