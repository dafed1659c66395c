import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { StateConfig } from "../config";
import { volumeClass } from "../volumeClass";
import { createBudget } from "./budget";
import type { Configuration } from "./configuration";
import { type AppContext, metadata } from "./context";
import type { Identity } from "./identity";
import { objectLabels, selectorLabels } from "./labels";
import { podTemplate } from "./podTemplate";
import { configuredTolerations, statefulSpread } from "./scheduling";

/** Name of the stateful replicas' port. */
const portName = "state";

/** Time for a stateful replica to write what it holds and to leave its group, in seconds. */
const graceSeconds = 60;

/** Name of the StatefulSet and of its headless Service: replicas answer at `<app>-state-<n>.<app>-state`. */
export function stateName(app: string): string {
    return `${app}-state`;
}

/** What the stateful replicas need of the app's other parts. */
export interface StateNeeds {
    readonly identity: Identity;
    readonly configuration: Configuration;
    readonly quota: k8s.core.v1.ResourceQuota;
}

/**
 * The app's replicas that keep data: StatefulSet, headless Service, storage class, claims and
 * disruption budget.
 *
 * The claims are resources of their own, made under the very names that the StatefulSet would give
 * them, so that it takes them as they are. A volume then grows by a change of its claim, in place;
 * the template in the StatefulSet, which can't change without replacing the set, is left alone.
 */
export function createState(context: AppContext, state: StateConfig, { identity, configuration, quota }: StateNeeds): void {
    const { app, cluster, opts } = context;
    const name = stateName(app.name);
    const selector = { matchLabels: selectorLabels(app.name, "state") };
    // The disks outlive their claims where the data is to be kept.
    const kept = { className: name, keeps: state.onDelete === "keep", labels: objectLabels(app.name) };
    const { className, made } = volumeClass(`${context.name}-storage`, cluster.storage, kept, opts);
    const claimSpec = {
        accessModes: ["ReadWriteOnce"],
        ...(className === undefined ? {} : { storageClassName: className }),
        resources: { requests: { storage: state.size } },
    };
    const claims = createClaims(context, state, claimSpec, [quota, ...made]);
    const service = new k8s.core.v1.Service(
        `${context.name}-state-service`,
        {
            // Nothing to wait for: a headless Service is complete before its pods are.
            metadata: { ...metadata(context, name), annotations: { "pulumi.com/skipAwait": "true" } },
            spec: {
                clusterIP: "None",
                // Members find each other before they are ready.
                publishNotReadyAddresses: true,
                selector: selector.matchLabels,
                ports: [{ name: portName, port: state.port, targetPort: portName, protocol: "TCP" }],
            },
        },
        opts,
    );
    new k8s.apps.v1.StatefulSet(
        `${context.name}-state`,
        {
            metadata: metadata(context, name),
            spec: {
                replicas: state.replicas,
                selector,
                serviceName: service.metadata.name,
                // Parallel: a replica that waits for its zone must not hold back the others.
                podManagementPolicy: "Parallel",
                minReadySeconds: 5,
                updateStrategy: { type: "RollingUpdate" },
                persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
                template: podTemplate({
                    app: app.name,
                    part: "state",
                    image: state.image,
                    command: state.command,
                    ports: [{ name: portName, containerPort: state.port, protocol: "TCP" }],
                    resources: state.resources,
                    probes: probes(),
                    graceSeconds,
                    priorityClassName: identity.priorityClassName,
                    serviceAccountName: identity.serviceAccountName,
                    spread: statefulSpread(app.name, state.replicas, cluster.zones.length),
                    nodeSelector: app.scheduling.nodeSelector,
                    tolerations: configuredTolerations(app),
                    envFrom: configuration.envFrom,
                    volumes: configuration.volumes,
                    volumeMounts: [...configuration.volumeMounts, { name: state.volume, mountPath: state.mountPath }],
                }),
                volumeClaimTemplates: [{ metadata: { name: state.volume }, spec: claimSpec }],
            },
        },
        { ...opts, dependsOn: claims, ignoreChanges: ["spec.volumeClaimTemplates"] },
    );
    createBudget(context, { name, role: "state-budget", selector, maxUnavailable: 1 });
}

/** Only a port is known of a stateful image: it has started, works and can serve while it accepts connections. */
function probes() {
    const connect = { tcpSocket: { port: portName }, timeoutSeconds: 2 };
    return {
        startupProbe: { ...connect, periodSeconds: 5, failureThreshold: 60 },
        livenessProbe: { ...connect, periodSeconds: 20, failureThreshold: 6 },
        readinessProbe: { ...connect, periodSeconds: 5, failureThreshold: 2 },
        lifecycle: { preStop: { sleep: { seconds: 5 } } },
    };
}

function createClaims(
    context: AppContext,
    state: StateConfig,
    spec: k8s.types.input.core.v1.PersistentVolumeClaimSpec,
    dependsOn: pulumi.Resource[],
): k8s.core.v1.PersistentVolumeClaim[] {
    return Array.from({ length: state.replicas }, (_, ordinal) => {
        const claim = `${state.volume}-${stateName(context.app.name)}-${ordinal}`;
        return new k8s.core.v1.PersistentVolumeClaim(
            // The ordinal is the replica's identity, not a place in a list.
            `${context.name}-volume-${ordinal}`,
            {
                metadata: {
                    ...metadata(context, claim),
                    // It binds only once its pod is placed; waiting for that here would wait for ever.
                    annotations: { "pulumi.com/skipAwait": "true" },
                },
                spec,
            },
            // A volume can grow only once the quota has.
            { ...context.opts, provider: context.cluster.keeper, dependsOn, retainOnDelete: state.onDelete === "keep" },
        );
    });
}
