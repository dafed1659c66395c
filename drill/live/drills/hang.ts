import { kinds } from "../../api";
import { neverUnder, secondsText, within } from "../../drills/disruption/promises";
import { waitFor } from "../../drills/disruption/watch";
import type { DrillResult } from "../../result";
import type { Probe } from "../../stage/objects";
import type { Client, LiveSite, Tenant, Watch } from "../site";
import { drilledApart } from "./broken";
import { pickVictim, runsAgain } from "./container";
import type { LiveOptions, SiteDrill } from "./drill";
import { resultOf } from "./findings";
import { failsNoLonger, patienceSeconds } from "./promises";
import { afterHangSeconds, containerTimesOf, detectSeconds } from "./restarts";
import { Watches } from "./watches";

/** What kubelet, controllers and kube-proxy or balancer may take to pass on that a replica is not ready, in seconds. */
const toldSeconds = 3;

/** The program of one replica stops and says nothing any more, though its machine still takes connections. Nobody but its probes can tell. */
export const hangDrill: SiteDrill = {
    name: "hung container",
    quick: false,
    scope: "cluster",
    // It has no liveness probe: nothing ever notices.
    naive: "breaks",
    obstacle: ({ ours }) => (containerTimesOf(ours).liveness === undefined ? "the app has no liveness probe, and a program that hangs stays so: set app.probes" : undefined),
    run: async (site, options) => {
        const { all } = await Watches.begin(site.tenants, options);
        return drilledApart(options, hangDrill.name, all, watch => hang(site, watch, options));
    },
};

/** Longest time until a replica that hangs is one again that answers, in seconds. A naive stack promises nothing: it is held against what the stack beside it promises. */
function promisedSeconds({ ours }: LiveSite, { subject }: Tenant, restarts: number): number {
    return afterHangSeconds(containerTimesOf(ours), subject.subject === "stack" ? restarts : 0);
}

/** What of a load balancer decides when a replica that hangs gets nothing any more. */
type Targets = Pick<NonNullable<Client["door"]>, "targets" | "localNodes" | "detectionSeconds" | "withdrawSeconds" | "check">;

/**
 * Longest time until a load balancer sends nothing to a replica that hangs, in seconds. One whose targets are pods asks the pod itself, if by HTTP (the kernel of a program that hangs still takes
 * connections), and is told when it is not ready, which it acts on after its own time: whichever is first. One whose targets are nodes only ever sees a node: kube-proxy leaves the replica out once it is not ready; and where
 * nodes keep to their own replicas, kube-proxy says then that the node has none, which the balancer has to find out
 * (https://kubernetes.io/docs/tutorials/services/source-ip/#source-ip-for-services-with-type-loadbalancer).
 */
export function leftOutSeconds({ targets, localNodes, detectionSeconds, withdrawSeconds, check }: Targets, readiness: Probe | undefined): number {
    const told = detectSeconds(readiness) + toldSeconds;
    return targets === "pods" ? Math.min(told + withdrawSeconds, check.protocol === "http" ? detectionSeconds : Infinity) : told + (localNodes ? detectionSeconds : 0);
}

async function hang(site: LiveSite, watch: Watch, { say }: LiveOptions): Promise<DrillResult> {
    const { tenant, sampler } = watch;
    const { api, app, cluster, namespace } = tenant;
    const { replicas } = app.deployment;
    // A naive stack is held against the probe of the stack beside it, here too.
    const { readiness } = containerTimesOf(site.ours);
    const victim = await pickVictim(site, watch);
    const { pod, node, before } = victim;
    const promised = promisedSeconds(site, tenant, before.restarts);

    await node.signalContainer(before.id, "SIGSTOP");
    const hungAt = sampler.mark(`the program of ${pod} hangs`);
    const full = await waitFor(api, `${cluster}: ${pod} is ready again`, () => runsAgain(victim, 1, "ready") ?? (sampler.ready.last === replicas ? undefined : "not among those that get requests"), promised + patienceSeconds);
    const fullAt = sampler.mark(full === undefined ? "it still hangs" : "it was restarted, and is ready");
    say(`${cluster}: ${pod} hung; ${full === undefined ? "it still does" : `restarted and ready after ${secondsText(fullAt - hungAt)}`}`);
    const result = await resultOf(watch, () => ({
        drill: hangDrill.name,
        what: `the program of one of ${replicas} replicas was stopped where it was`,
        promises: [
            ...failsNoLonger(watch, hungAt, ({ door }) => (door === undefined ? promised : Math.min(leftOutSeconds(door, readiness), promised))),
            neverUnder("ready replicas never under", { floor: replicas - 1, of: replicas, measured: sampler.ready.min(hungAt, fullAt) }),
            within("all replicas answer again within", promised, full === undefined ? undefined : fullAt - hungAt, `one of ${replicas} still hung after ${secondsText(fullAt - hungAt)}`),
        ],
        series: sampler.series(replicas - 1),
        notes: [],
        fullStrengthSeconds: full === undefined ? "never" : fullAt - hungAt,
    }));
    if (full === undefined) {
        // It counts as ready, so nothing but this would mend it.
        await api.delete({ kind: kinds.pod, name: pod, namespace }, { graceSeconds: 0 });
    }
    return result;
}
