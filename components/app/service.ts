import * as k8s from "@pulumi/kubernetes";

import { type AppContext, metadata } from "./context";
import { portName } from "./deployment";
import { selectorLabels } from "./labels";

/** The port that load balancers offer. */
const publicPort = 80;

/** The app's own way in: an address that offers port 80, with the cloud's settings for surviving a zone. */
export function createService(context: AppContext): k8s.core.v1.Service {
    const { app, cluster, opts } = context;
    const traits = cluster.serviceTraits({ port: app.port, readyPath: app.health.ready });
    return new k8s.core.v1.Service(
        `${context.name}-service`,
        {
            metadata: { ...metadata(context, app.name), annotations: traits.annotations },
            spec: {
                type: "LoadBalancer",
                ...(traits.loadBalancerClass === undefined ? {} : { loadBalancerClass: traits.loadBalancerClass }),
                externalTrafficPolicy: traits.externalTrafficPolicy,
                allocateLoadBalancerNodePorts: traits.allocateLoadBalancerNodePorts,
                selector: selectorLabels(app.name, "app"),
                ports: [{ name: portName, port: publicPort, targetPort: portName, protocol: "TCP" }],
            },
        },
        opts,
    );
}
