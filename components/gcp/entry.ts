import * as gcp from "@pulumi/gcp";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Entry, EntryArgs } from "../cluster";
import { secretTlsAnnotations } from "../secretTls";
import { deregistrationSeconds } from "./traits";

/** What a {@link GkeEntry} is made from. */
export interface GkeEntryArgs extends EntryArgs {
    /** APIs that are on. */
    readonly enabled: readonly pulumi.Resource[];
}

/**
 * A global application load balancer for an Ingress: a fixed address, health checks and draining that
 * match the app's, and TLS 1.2 or later. GKE's Ingress takes its certificate from a Secret; the
 * certificates that Google makes for it are valid only once the name already points at it, which is
 * too late for a standby.
 */
export class GkeEntry extends pulumi.ComponentResource implements Entry {
    public readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;
    public readonly serviceAnnotations: Readonly<Record<string, string>>;
    public readonly tlsSecretName: string | undefined;
    public readonly dependsOn: readonly pulumi.Resource[];

    constructor(name: string, args: GkeEntryArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:gcp:GkeEntry", name, {}, opts);
        const address = new gcp.compute.GlobalAddress(name, { addressType: "EXTERNAL" }, { parent: this, dependsOn: [...args.enabled] });
        const backend = this.createBackendConfig(name, args);
        const frontend = this.createFrontendConfig(name, args);
        this.tlsSecretName = args.tls?.secretName;
        this.annotations = {
            // The controller goes by this annotation and knows no class of spec.ingressClassName.
            "kubernetes.io/ingress.class": "gce",
            "kubernetes.io/ingress.global-static-ip-name": address.name,
            "networking.gke.io/v1beta1.FrontendConfig": args.app,
            ...secretTlsAnnotations(args.tls),
        };
        this.serviceAnnotations = {
            "cloud.google.com/neg": JSON.stringify({ ingress: true }),
            "cloud.google.com/backend-config": JSON.stringify({ default: args.app }),
        };
        this.dependsOn = [backend, frontend];
        this.registerOutputs({ annotations: this.annotations, serviceAnnotations: this.serviceAnnotations });
    }

    private createBackendConfig(name: string, { app, namespace, port, readyPath }: EntryArgs): pulumi.Resource {
        return new k8s.apiextensions.CustomResource(
            `${name}-backend`,
            {
                apiVersion: "cloud.google.com/v1",
                kind: "BackendConfig",
                metadata: { name: app, namespace },
                spec: {
                    healthCheck: {
                        type: "HTTP",
                        port,
                        requestPath: readyPath,
                        checkIntervalSec: 10,
                        timeoutSec: 5,
                        healthyThreshold: 1,
                        unhealthyThreshold: 2,
                    },
                    connectionDraining: { drainingTimeoutSec: deregistrationSeconds },
                    logging: { enable: true, sampleRate: 1 },
                },
            },
            { parent: this },
        );
    }

    private createFrontendConfig(name: string, { app, namespace, tls, enabled }: GkeEntryArgs): pulumi.Resource {
        const policy = new gcp.compute.SSLPolicy(name, { minTlsVersion: "TLS_1_2", profile: "MODERN" }, { parent: this, dependsOn: [...enabled] });
        return new k8s.apiextensions.CustomResource(
            `${name}-frontend`,
            {
                apiVersion: "networking.gke.io/v1beta1",
                kind: "FrontendConfig",
                metadata: { name: app, namespace },
                spec: { sslPolicy: policy.name, ...(tls === undefined ? {} : { redirectToHttps: { enabled: true } }) },
            },
            { parent: this },
        );
    }
}
