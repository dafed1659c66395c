import type { Say } from "../../tools/cache";
import { type Api, NotYet, kinds } from "../api";
import type { Binaries } from "../binaries";
import { type ControlPlane, startControlPlane } from "../controlPlane";
import type { Run } from "../process/run";
import { playLoadBalancers } from "../standIns/loadBalancers";
import { playMetrics } from "../standIns/metrics";
import { playVolumes } from "../standIns/volumes";
import type { StandIn } from "../standIns/standIn";
import { Refused, applyAll } from "./apply";
import { installCustomTypes } from "./customTypes";
import { type AppFacts, factsOf } from "./facts";
import { type Fleet, fleetOf } from "./fleet";
import { givenObjects } from "./given";
import { StageLoad } from "./load";
import { objectsOf } from "./objects";
import { forgetLoad, measuredSince, rebalance, resetDeployment, restartAnnotation, reviveComponents, reviveNodes, settleQuickly } from "./restore";
import { type Sampler, startSampler } from "./sampler";
import { untilSettled } from "./settle";
import type { Subject } from "./subject";
import { type Change, applyTwice } from "./twice";
import { unprovedOf } from "./unproved";

export { type Refusal, Refused } from "./apply";
export type { AppFacts } from "./facts";
export type { Sampler } from "./sampler";
export { type Subject, naiveSubject, stackSubjects } from "./subject";
export { Timeline } from "./timeline";
export type { Change } from "./twice";

export interface StageOptions {
    readonly run: Run;
    readonly subject: Subject;
    /** The control plane's name, unique within the run. @default the cluster's */
    readonly name?: string;
    readonly binaries: Binaries;
    readonly say: Say;
    /** Runs a second scheduler and controller manager. @default false */
    readonly standby?: boolean;
}

/** A control plane with a cluster's manifests in it, at rest: what a drill is done on. */
export interface Stage {
    readonly subject: Subject;
    /** Name of the cluster. */
    readonly cluster: string;
    readonly zones: readonly string[];
    readonly controlPlane: ControlPlane;
    readonly api: Api;
    readonly namespace: string;
    readonly app: AppFacts;
    readonly fleet: Fleet;
    readonly load: StageLoad;
    /** What no drill on it can prove, a sentence each. */
    readonly unproved: readonly string[];
    /** Begins to sample the app. The drill ends it. */
    sample(): Promise<Sampler>;
    /** Applies everything again. Returns what that changed; nothing is as it should be. */
    applyTwice(): Promise<readonly Change[]>;
    /** Makes the app's pods new, as `kubectl rollout restart` does. Resolves when the rollout has begun. */
    restart(): Promise<void>;
    /** Resolves when the app is at rest. */
    settled(seconds?: number): Promise<void>;
    /** Brings everything back to how it was, for the next drill. */
    restore(): Promise<void>;
    stop(): Promise<void>;
}

/** Longest wait until an app is at rest, in seconds. It takes half a minute, for the autoscaler needs two looks at metrics of the full window. */
const settleSeconds = 300;

/**
 * Starts a control plane, and the stand-ins for what the cloud would do, and applies a subject's objects. Resolves when the app
 * is at rest.
 *
 * @throws Refused with every object that the API server did not take.
 */
export async function prepareStage({ run, subject, name = subject.cluster, binaries, say, standby = false }: StageOptions): Promise<Stage> {
    const { region, zones, objects, addressKind } = subject;
    const started = performance.now();
    const since = (): string => `${((performance.now() - started) / 1000).toFixed(1)} s`;
    const app = factsOf(objects);
    const fleet = fleetOf(objects, zones.length);
    const controlPlane = await startControlPlane(run, { name, region, zones, ...fleet, standby, binaries, say });
    const { api } = controlPlane;
    const load = new StageLoad(app);
    const common = { api, fail: run.fail };
    const carrier = { namespace: app.namespace, labels: app.deployment.labels };
    const metrics = await playMetrics({ ...common, certificates: controlPlane.certificates, loads: [{ carrier, load: load.model }] });
    const standIns = [metrics, playLoadBalancers({ ...common, addressKind, region }), playVolumes(common)];
    const stage = new ReadyStage(run, { subject, binaries, app, fleet, controlPlane, load, standIns });
    // However the run ends: an open server would keep this process from ending.
    run.signal.addEventListener("abort", () => {
        stage.stopParts();
    });
    if (run.signal.aborted) {
        stage.stopParts();
    }
    await Promise.all([installCustomTypes(api, objects), ...standIns.map(({ ready }) => ready)]);
    await stage.apply();
    say(`${name}: ${objects.length} objects applied after ${since()}`);
    await stage.settled();
    say(`${name}: at rest after ${since()}`);
    return stage;
}

interface Parts {
    readonly subject: Subject;
    readonly binaries: Binaries;
    readonly app: AppFacts;
    readonly fleet: Fleet;
    readonly controlPlane: ControlPlane;
    readonly load: StageLoad;
    readonly standIns: readonly StandIn[];
}

class ReadyStage implements Stage {
    readonly subject: Subject;
    readonly cluster: string;
    readonly zones: readonly string[];
    readonly controlPlane: ControlPlane;
    readonly api: Api;
    readonly namespace: string;
    readonly app: AppFacts;
    readonly fleet: Fleet;
    readonly load: StageLoad;
    readonly unproved: readonly string[];
    readonly #standIns: readonly StandIn[];
    readonly #samplers = new Set<Sampler>();

    constructor(
        private readonly run: Run,
        { subject, binaries, app, fleet, controlPlane, load, standIns }: Parts,
    ) {
        this.subject = subject;
        this.cluster = subject.cluster;
        this.zones = subject.zones;
        this.controlPlane = controlPlane;
        this.api = controlPlane.api;
        this.namespace = app.namespace;
        this.app = app;
        this.fleet = fleet;
        this.load = load;
        this.#standIns = standIns;
        this.unproved = [...unprovedOf(subject, binaries), ...standIns.flatMap(({ unproved }) => unproved)];
    }

    /** Applies all objects, after those that they take for granted. */
    async apply(): Promise<void> {
        const { objects } = this.subject;
        const refusals = await applyAll(this.api, [...givenObjects(objects), ...objects]);
        if (refusals.length > 0) {
            throw new Refused(this.cluster, refusals);
        }
    }

    async sample(): Promise<Sampler> {
        const sampler = await startSampler({ api: this.api, facts: this.app, zones: this.zones, fail: this.run.fail });
        this.#samplers.add(sampler);
        return sampler;
    }

    applyTwice(): Promise<readonly Change[]> {
        return applyTwice(this.api, this.subject.objects);
    }

    async restart(): Promise<void> {
        const ref = { kind: kinds.deployment, name: this.app.deployment.name, namespace: this.namespace };
        const { metadata } = await this.api.patch(ref, { spec: { template: { metadata: { annotations: { [restartAnnotation]: new Date().toISOString() } } } } });
        await this.api.until(
            `${this.cluster}: the rollout begins`,
            async () => {
                const live = await this.api.get(ref);
                return (live?.status?.observedGeneration ?? 0) >= (metadata?.generation ?? 1) ? true : new NotYet("the controller has not looked");
            },
            { seconds: settleSeconds },
        );
    }

    settled(seconds = settleSeconds): Promise<void> {
        return untilSettled(this.api, this.cluster, this.app, seconds);
    }

    async restore(): Promise<void> {
        const { controlPlane, api, app, load } = this;
        const restedAt = new Date();
        load.rest();
        await reviveComponents(controlPlane);
        await reviveNodes(controlPlane, this.fleet.nodesPerZone);
        const live = await api.get({ kind: kinds.deployment, name: app.deployment.name, namespace: app.namespace });
        if (load.disturbed || live?.spec?.replicas !== app.deployment.replicas) {
            await forgetLoad(controlPlane, app);
            await measuredSince(api, restedAt);
            load.forgotten();
        }
        const [manifest] = objectsOf(this.subject.objects, "Deployment");
        await resetDeployment(api, app, Object.keys(manifest?.spec.template.metadata?.annotations ?? {}));
        await this.apply();
        await settleQuickly(api, this.cluster, app, settleSeconds);
        if (await rebalance(api, app, this.zones)) {
            await settleQuickly(api, this.cluster, app, settleSeconds);
        }
    }

    async stop(): Promise<void> {
        this.stopParts();
        await this.controlPlane.stop();
    }

    /** Ends what goes on in this process. */
    stopParts(): void {
        for (const part of [...this.#samplers, ...this.#standIns]) {
            part.stop();
        }
    }
}
