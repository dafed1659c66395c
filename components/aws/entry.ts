import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Entry, EntryArgs } from "../cluster";
import { ValidatedCertificate } from "./certificate";
import { type Controllers, deregistrationSeconds } from "./traits";

/** What an {@link EksEntry} is made from. */
export interface EksEntryArgs extends EntryArgs {
    readonly controllers: Controllers;
    /** What brings the types that are used here, and cleans up in the cloud after them. */
    readonly ready: readonly pulumi.Resource[];
    /**
     * Whom the certificate is made below. It takes minutes to be proved and needs nothing of the cluster, while whatever is below an app
     * waits for the cluster's provider, and so for the cluster.
     */
    readonly owner: pulumi.Resource;
}

const prefix = "alb.ingress.kubernetes.io";

/** TLS 1.2 and 1.3 only (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html). */
const sslPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/**
 * An application load balancer for an Ingress: its class, and a certificate from ACM, which the load
 * balancer takes by ARN (it does not read the Ingress's Secret).
 */
export class EksEntry extends pulumi.ComponentResource implements Entry {
    public readonly ingressClassName: pulumi.Output<string>;
    public readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;
    public readonly serviceAnnotations = {};
    public readonly tlsSecretName = undefined;
    public readonly dependsOn = [];

    constructor(name: string, args: EksEntryArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:aws:EksEntry", name, {}, opts);
        this.ingressClassName = this.createClass(name, args);
        this.annotations = { ...healthAnnotations(args), ...this.listenerAnnotations(name, args) };
        this.registerOutputs({ ingressClassName: this.ingressClassName, annotations: this.annotations });
    }

    private createClass(name: string, { app, controllers, ready }: EksEntryArgs): pulumi.Output<string> {
        const params = new k8s.apiextensions.CustomResource(
            `${name}-params`,
            {
                apiVersion: `${controllers.ingressParamsGroup}/${controllers.ingressParamsVersion}`,
                kind: "IngressClassParams",
                metadata: { name: app },
                spec: { scheme: "internet-facing" },
            },
            { parent: this, dependsOn: [...ready] },
        );
        const ingressClass = new k8s.networking.v1.IngressClass(
            `${name}-class`,
            {
                metadata: { name: app },
                spec: {
                    controller: controllers.ingressController,
                    parameters: {
                        apiGroup: controllers.ingressParamsGroup,
                        kind: "IngressClassParams",
                        name: params.metadata.apply(metadata => metadata.name),
                    },
                },
            },
            { parent: this },
        );
        return ingressClass.metadata.name;
    }

    private listenerAnnotations(name: string, { hosts, tls, owner }: EksEntryArgs): Record<string, pulumi.Input<string>> {
        if (tls?.zone === undefined) {
            return { [`${prefix}/listen-ports`]: JSON.stringify([{ HTTP: 80 }]) };
        }
        const certificate = new ValidatedCertificate(`${name}-certificate`, { hosts, zone: tls.zone }, { parent: owner });
        return {
            [`${prefix}/listen-ports`]: JSON.stringify([{ HTTP: 80 }, { HTTPS: 443 }]),
            [`${prefix}/ssl-redirect`]: "443",
            [`${prefix}/ssl-policy`]: sslPolicy,
            [`${prefix}/certificate-arn`]: certificate.arn,
        };
    }
}

/** Sends straight to pods, and asks them what the kubelet asks. */
function healthAnnotations({ readyPath }: EksEntryArgs): Record<string, string> {
    return {
        [`${prefix}/target-type`]: "ip",
        [`${prefix}/target-group-attributes`]: `deregistration_delay.timeout_seconds=${deregistrationSeconds}`,
        [`${prefix}/healthcheck-path`]: readyPath,
        [`${prefix}/healthcheck-interval-seconds`]: "10",
        [`${prefix}/healthcheck-timeout-seconds`]: "5",
        [`${prefix}/healthy-threshold-count`]: "2",
        [`${prefix}/unhealthy-threshold-count`]: "2",
        [`${prefix}/success-codes`]: "200-399",
    };
}
