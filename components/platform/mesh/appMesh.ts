import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { type AppContext, metadata } from "../../app/context";
import { portName } from "../../app/deployment";
import { selectorLabels } from "../../app/labels";
import type { CarrierArgs } from "../../cluster";
import type { MeshConfig } from "../../config/platform/mesh";
import { createGateway } from "./gateway";
import { createPolicies } from "./policies";
import { createRoutes } from "./routes";

/** What an {@link AppMesh} is made from. */
export interface AppMeshArgs extends CarrierArgs {
    readonly settings: MeshConfig;
    readonly observer: Observer;
}

/** Prometheus, which is not in the mesh. */
export interface Observer {
    /** Whether there is one. */
    readonly isThere: boolean;
    /** Port at which the app serves metrics to it; undefined where it has none for that alone. */
    readonly appPort: number | undefined;
}

/**
 * An app's part of the mesh: a gateway that users come in by, the way from it to the app's replicas, and who may reach whom. All of it is
 * in the app's namespace, since a load balancer's Service sends to pods of its own namespace alone, and to move that one would change the
 * address that the world knows.
 */
export class AppMesh extends pulumi.ComponentResource {
    /** What must be there before users are sent to the gateway. */
    public readonly ready: readonly pulumi.Resource[];

    constructor(name: string, args: AppMeshArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:platform:AppMesh", name, {}, opts);
        const { app, cluster, namespace, backend } = args;
        const context: AppContext = { name, app, cluster, namespace, opts: { parent: this } };
        const service = this.createBackend(context);
        const routes = createRoutes(context, service.metadata.name);
        createPolicies(context, args);
        // Ready only once the app answers through it.
        const gateway = createGateway(context, { ...args, after: [...routes, backend] });
        this.ready = [gateway, ...routes];
        this.registerOutputs({ ready: this.ready });
    }

    /** The app's replicas under a name of their own: the gateway knows each of them by it. */
    private createBackend(context: AppContext): k8s.core.v1.Service {
        const { app } = context;
        return new k8s.core.v1.Service(
            `${context.name}-backend`,
            {
                metadata: metadata(context, `${app.name}-backend`),
                spec: {
                    type: "ClusterIP",
                    selector: selectorLabels(app.name, "app"),
                    ports: [{ name: portName, port: app.port, targetPort: portName, protocol: "TCP" }],
                },
            },
            context.opts,
        );
    }
}
