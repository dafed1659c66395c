import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { charts } from "../charts";
import { inlinePolicy, serviceRole } from "./iam";
import { controllerStatements } from "./loadBalancerPolicy";

/** What the controller must know of its cluster; it can't ask the node, whose metadata pods don't reach. */
export interface LoadBalancerControllerArgs {
    readonly clusterName: pulumi.Input<string>;
    readonly region: string;
    readonly vpcId: pulumi.Input<string>;
    /** Where its pods will run. */
    readonly nodes: readonly pulumi.Resource[];
}

const namespace = "kube-system";
const serviceAccount = "aws-load-balancer-controller";

/**
 * The AWS Load Balancer Controller, which makes load balancers for Services and Ingresses where EKS
 * does not do so itself. A Helm release rather than rendered objects: the chart makes a certificate
 * at each rendering, which would be a change in every preview.
 */
export class LoadBalancerController extends pulumi.ComponentResource {
    /** What Services and Ingresses wait for. */
    public readonly ready: readonly pulumi.Resource[];

    constructor(name: string, args: LoadBalancerControllerArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:aws:LoadBalancerController", name, {}, opts);
        const role = serviceRole(name, { service: "pods.eks.amazonaws.com", tagSession: true }, { parent: this });
        const rights = inlinePolicy(name, role, controllerStatements, { parent: this });
        const identity = new aws.eks.PodIdentityAssociation(
            name,
            { clusterName: args.clusterName, namespace, serviceAccount, roleArn: role.arn },
            { parent: this },
        );
        const release = new k8s.helm.v3.Release(
            name,
            {
                name: serviceAccount,
                namespace,
                chart: charts.awsLoadBalancerController.chart,
                version: charts.awsLoadBalancerController.version,
                repositoryOpts: { repo: charts.awsLoadBalancerController.repo },
                values: {
                    clusterName: args.clusterName,
                    region: args.region,
                    vpcId: args.vpcId,
                    replicaCount: 2,
                    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "512Mi" } },
                    podSecurityContext: { seccompProfile: { type: "RuntimeDefault" } },
                    serviceAccount: { create: true, name: serviceAccount },
                    podDisruptionBudget: { maxUnavailable: 1 },
                    topologySpreadConstraints: [
                        {
                            maxSkew: 1,
                            topologyKey: "topology.kubernetes.io/zone",
                            whenUnsatisfiable: "ScheduleAnyway",
                            labelSelector: { matchLabels: { "app.kubernetes.io/name": "aws-load-balancer-controller" } },
                        },
                    ],
                    defaultTargetType: "ip",
                    // Services ask for it by class; it must not take those that don't.
                    enableServiceMutatorWebhook: false,
                    createIngressClassResource: false,
                    ingressClassParams: { create: false },
                    keepTLSSecret: true,
                },
            },
            { parent: this, dependsOn: [...args.nodes, rights, identity] },
        );
        this.ready = [release];
        this.registerOutputs({ ready: this.ready });
    }
}
