import { kindOf } from "../../cluster";
import { cronFault } from "../cron";
import type { AppConfig } from "../app";
import { type Problem, pathOf } from "../problems";
import type { HoldfastConfig } from "../schema";
import { checkDistinct } from "./common";

/** What the API server would refuse in the app's pods and jobs, or take and never do. */
export function checkPods(app: AppConfig, config: HoldfastConfig): readonly Problem[] {
    return [...mounts(app), ...ties(app, config), ...tolerations(app), ...egressPorts(app), ...duplicateJobs(app), ...longJobNames(app, config), ...schedules(app)];
}

/** Where every pod has its scratch space: see podTemplate. */
const scratchPath = "/tmp";

/** A container can mount one thing at a path: its files, its state, or the scratch space. */
function mounts({ files, state }: AppConfig): readonly Problem[] {
    const places = [
        ...(files === undefined ? [] : [{ keys: ["app", "files", "mountPath"], given: files.mountPath }]),
        ...(state === undefined ? [] : [{ keys: ["app", "state", "mountPath"], given: state.mountPath }]),
    ].map(({ keys, given }) => ({ path: pathOf(keys), given, mount: given.replace(/\/$/, "") }));
    return places.flatMap(({ path, given, mount }, index): Problem[] => {
        const other = places.slice(0, index).find(place => place.mount === mount);
        if (other === undefined && mount !== scratchPath) {
            return [];
        }
        const what = other === undefined ? "where scratch space is mounted" : `which ${other.path} has`;
        return [{ path, received: given, allowed: `a directory other than ${mount}, ${what}`, fix: "mount it at another path", reads: other === undefined ? [] : [other.path] }];
    });
}

/** Labels of which each value is one zone or one node (https://kubernetes.io/docs/reference/labels-annotations-taints/). */
const places = ["topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone", "kubernetes.io/hostname"];

/** An app that may run in one place only can't outlive it. */
function ties({ scheduling }: AppConfig, { clusters }: HoldfastConfig): readonly Problem[] {
    const spread = clusters.some(cluster => kindOf(cluster).describe(cluster).zones.length > 1);
    return Object.entries(scheduling.nodeSelector)
        .filter(([label]) => spread && places.includes(label))
        .map(([label, value]) => ({
            path: pathOf(["app", "scheduling", "nodeSelector", label]),
            received: value,
            allowed: "labels that nodes of every zone have",
            fix: "remove it: the replicas are spread over zones and nodes by themselves",
            reads: [pathOf(["clusters"])],
        }));
}

/** A toleration of every value names none. */
function tolerations({ scheduling }: AppConfig): readonly Problem[] {
    return scheduling.tolerations.flatMap(({ operator, value }, index): Problem[] => {
        const path = (key: string): string => pathOf(["app", "scheduling", "tolerations", index, key]);
        return operator === "Exists" && value !== undefined && value !== ""
            ? [{ path: path("value"), received: value, allowed: "no value with operator Exists, which tolerates every value", fix: "remove value, or set operator to Equal", reads: [path("operator")] }]
            : [];
    });
}

function egressPorts({ network }: AppConfig): readonly Problem[] {
    return network.egress.flatMap(({ ports }, index) =>
        checkDistinct(ports, pathOf(["app", "network", "egress", index, "ports"]), { allowed: "each port once", fix: "remove it here" }),
    );
}

function duplicateJobs(app: AppConfig): readonly Problem[] {
    const names = app.jobs.map((_, index) => pathOf(["app", "jobs", index, "name"]));
    return app.jobs.flatMap((job, index) =>
        app.jobs.findIndex(other => other.name === job.name) === index
            ? []
            : [{ path: pathOf(["app", "jobs", index, "name"]), received: job.name, allowed: "a name that no other job has", fix: "rename the job", reads: names }],
    );
}

/** A Job's name is made of cluster, app and job, and becomes a label of its pods. */
const longestLabel = 63;
const madeUpJobName = "--job--12345678";

function longJobNames(app: AppConfig, { clusters }: HoldfastConfig): readonly Problem[] {
    const longestCluster = Math.max(0, ...clusters.map(({ name }) => name.length));
    const room = longestLabel - madeUpJobName.length - longestCluster - app.name.length;
    return app.jobs.flatMap(({ name, schedule }, index) =>
        schedule !== undefined || name.length <= room
            ? []
            : [
                  {
                      path: pathOf(["app", "jobs", index, "name"]),
                      received: name,
                      allowed: `at most ${room} characters, which with the names of app and cluster make ${longestLabel}`,
                      fix: "shorten the name of the job, the app or the cluster",
                      reads: [pathOf(["app", "name"]), pathOf(["clusters"])],
                  },
              ],
    );
}

function schedules(app: AppConfig): readonly Problem[] {
    return app.jobs.flatMap(({ schedule }, index) => {
        const fault = schedule === undefined ? undefined : cronFault(schedule);
        return fault === undefined ? [] : [{ path: pathOf(["app", "jobs", index, "schedule"]), received: schedule, ...fault }];
    });
}
