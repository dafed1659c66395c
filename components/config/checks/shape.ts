import { kindOf } from "../../cluster";
import { cores, mebibytes } from "../../model/quantity";
import type { AppConfig } from "../app";
import { type Problem, pathOf } from "../problems";
import type { HoldfastConfig } from "../schema";

/**
 * Requests that a cloud would raise by itself. The quota is reckoned from what config says, so the pods
 * would come out larger than what it has room for, and the autoscaler would stop short.
 */
export function checkPodShapes(app: AppConfig, { clusters }: HoldfastConfig): readonly Problem[] {
    const requests = [
        { resources: app.resources, keys: ["app", "resources"] },
        ...(app.state === undefined ? [] : [{ resources: app.state.resources, keys: ["app", "state", "resources"] }]),
        ...app.jobs.map(({ resources }, index) => ({ resources, keys: ["app", "jobs", index, "resources"] })),
    ];
    return clusters.flatMap(cluster => {
        const shape = kindOf(cluster).podShape?.(cluster);
        if (shape === undefined) {
            return [];
        }
        return requests.flatMap(({ resources, keys }): Problem[] => {
            const least = Math.ceil(cores(resources.cpu) * shape.minGibPerCore * 1024);
            const most = Math.floor(cores(resources.cpu) * shape.maxGibPerCore * 1024);
            const memory = mebibytes(resources.memory);
            return memory >= least && memory <= most
                ? []
                : [
                      {
                          path: pathOf([...keys, "memory"]),
                          received: resources.memory,
                          allowed: `${least}Mi to ${most}Mi for ${resources.cpu} of CPU on ${cluster.name}, which would raise what lies outside`,
                          fix: memory < least ? `set memory to ${least}Mi or more, or lower cpu` : `raise cpu, or set memory to ${most}Mi or less`,
                          reads: [pathOf([...keys, "cpu"])],
                      },
                  ];
        });
    });
}
