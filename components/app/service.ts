import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { Backend } from "../cluster";
import { type AppContext, metadata } from "./context";
import { portName } from "./deployment";
import { selectorLabels } from "./labels";

/** The port that load balancers offer. */
const publicPort = 80;

/** The pods that load balancers send to. */
export interface Target extends Backend {
    readonly selector: Readonly<Record<string, string>>;
    /** What must be there before they are sent to. */
    readonly ready: readonly pulumi.Resource[];
}

/** The app's own pods, or those that carry its requests; these have all that must be there first. */
export function targetOf({ app, cluster: { carrier } }: AppContext, carried: readonly pulumi.Resource[]): Target {
    return {
        port: carrier?.port ?? app.port,
        readyPath: app.health.ready,
        selector: carrier?.selector(app.name) ?? selectorLabels(app.name, "app"),
        ready: carried,
    };
}

/** The app's own way in: an address that offers port 80, with the cloud's settings for surviving a zone. */
export function createService(context: AppContext, { port, readyPath, selector, ready }: Target): k8s.core.v1.Service {
    const { app, cluster, opts } = context;
    const traits = cluster.serviceTraits({ port, readyPath });
    return new k8s.core.v1.Service(
        `${context.name}-service`,
        {
            metadata: { ...metadata(context, app.name), annotations: traits.annotations },
            spec: {
                type: "LoadBalancer",
                ...(traits.loadBalancerClass === undefined ? {} : { loadBalancerClass: traits.loadBalancerClass }),
                externalTrafficPolicy: traits.externalTrafficPolicy,
                allocateLoadBalancerNodePorts: traits.allocateLoadBalancerNodePorts,
                selector,
                ports: [{ name: portName, port: publicPort, targetPort: portName, protocol: "TCP" }],
            },
        },
        { ...opts, dependsOn: [...ready] },
    );
}
