import * as pulumi from "@pulumi/pulumi";

/** What a kubeconfig without stored credentials is made of. */
export interface ExecKubeconfigArgs {
    /** Name of cluster, user and context in the file. */
    readonly name: pulumi.Input<string>;
    /** URL of the API server. */
    readonly server: pulumi.Input<string>;
    /** Certificate of the API server's authority, in base64; undefined where a public one vouches. */
    readonly certificateAuthority?: pulumi.Input<string>;
    /** The program that gives out a token at each use. */
    readonly exec: pulumi.Input<{
        readonly command: string;
        readonly args: readonly string[];
        /** Shown where the program is missing. */
        readonly installHint?: string;
        readonly provideClusterInfo?: boolean;
    }>;
}

/** A kubeconfig, as JSON, whose user runs a program for each token. Marked secret all the same. */
export function execKubeconfig(args: ExecKubeconfigArgs): pulumi.Output<string> {
    const text = pulumi.output(args).apply(({ name, server, certificateAuthority, exec }) =>
        JSON.stringify({
            apiVersion: "v1",
            kind: "Config",
            clusters: [
                {
                    name,
                    cluster: {
                        server,
                        ...(certificateAuthority === undefined ? {} : { "certificate-authority-data": certificateAuthority }),
                    },
                },
            ],
            users: [
                {
                    name,
                    user: { exec: { apiVersion: "client.authentication.k8s.io/v1beta1", interactiveMode: "IfAvailable", ...exec } },
                },
            ],
            contexts: [{ name, context: { cluster: name, user: name } }],
            "current-context": name,
        }),
    );
    return pulumi.secret(text);
}
