import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { EksCluster, HaApp, configure, tagResources } from "holdfast";

// Before all else: AWS makes up ids, and by this tag an update that was cut short is recovered (npm run recover, in Holdfast's folder).
tagResources();

/** Where users' photos go. The app is told the name, so it is chosen here, and not made up by Pulumi. */
const settings = new pulumi.Config();
const uploads = settings.require("uploads");

// What a stack's file says in Holdfast's own program, said in TypeScript. A slip is an error in the editor, or of this call,
// before anything is made: here, say, fewer replicas than zones.
const { clusters: [east], app: photos } = configure(
    [
        {
            kind: "eks",
            name: "east",
            region: "us-east-1",
            zones: ["us-east-1a", "us-east-1b", "us-east-1c"],
            cidr: "10.16.0.0/16",
            admins: settings.requireObject<string[]>("admins"),
            apiAccess: settings.requireObject<string[]>("apiAccess"),
        },
    ],
    {
        app: {
            name: "photos",
            image: "ghcr.io/stefanprodan/podinfo:6.9.2",
            port: 9898,
            replicas: { min: 3, max: 30 },
            env: { UPLOADS: uploads },
            network: {
                egress: [
                    { cidr: "0.0.0.0/0", ports: [443] },
                    // Hands out the role below (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html).
                    { cidr: "169.254.170.23/32", ports: [80] },
                ],
            },
        },
    },
);

// The network, the cluster, its nodes, keys and admins.
const provider = new aws.Provider("east-aws", { region: east.region });
const cluster = new EksCluster(east.name, east, { providers: [provider] });

// The app's own bucket, and a role for its pods alone: no key is stored anywhere. No config of Holdfast's has these two; this is why one
// writes a program.
const bucket = new aws.s3.Bucket("photos-uploads", { bucket: uploads }, { provider, protect: true });
const access = cluster.identity.awsAccess(
    "photos-uploads",
    {
        namespace: photos.name,
        serviceAccount: photos.name,
        statements: [{ Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: pulumi.interpolate`${bucket.arn}/*` }],
        provider: () => provider,
    },
    { parent: cluster },
);

// Everything that the app needs to outlive a pod, a node, a zone. Pods have the role only if they start after it is there.
const app = new HaApp("east-photos", { app: photos, cluster }, { dependsOn: [...access.ready] });

/** Where the app answers. */
export const url = app.endpoint.url;
/** For kubectl; it holds no credential, but asks the AWS CLI at each use. */
export const kubeconfig = cluster.kubeconfig;
