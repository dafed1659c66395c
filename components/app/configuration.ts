import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { type AppContext, unnamedMetadata } from "./context";

/** How pods come by the app's settings. */
export interface Configuration {
    readonly envFrom: k8s.types.input.core.v1.EnvFromSource[];
    readonly volumes: readonly k8s.types.input.core.v1.Volume[];
    readonly volumeMounts: readonly k8s.types.input.core.v1.VolumeMount[];
}

/**
 * ConfigMaps and Secret of the app, each only where config has something for it. Pulumi names them, so
 * that a change makes a new object under a new name, the pods roll to it, and the old one goes last:
 * a failed update leaves the old pods what they need, and no checksum of a secret is written anywhere.
 */
export function createConfiguration(context: AppContext): Configuration {
    const { app, opts } = context;
    const envFrom: k8s.types.input.core.v1.EnvFromSource[] = [];
    if (Object.keys(app.env).length > 0) {
        const env = new k8s.core.v1.ConfigMap(
            `${context.name}-env`,
            { metadata: unnamedMetadata(context), immutable: true, data: app.env },
            opts,
        );
        envFrom.push({ configMapRef: { name: env.metadata.name } });
    }
    if (Object.keys(app.secrets).length > 0) {
        const secrets = new k8s.core.v1.Secret(
            `${context.name}-secrets`,
            { metadata: unnamedMetadata(context), immutable: true, stringData: pulumi.secret(app.secrets) },
            opts,
        );
        envFrom.push({ secretRef: { name: secrets.metadata.name } });
    }
    if (app.files === undefined) {
        return { envFrom, volumes: [], volumeMounts: [] };
    }
    const files = new k8s.core.v1.ConfigMap(
        `${context.name}-files`,
        { metadata: unnamedMetadata(context), immutable: true, data: app.files.data },
        opts,
    );
    return {
        envFrom,
        volumes: [{ name: "files", configMap: { name: files.metadata.name } }],
        volumeMounts: [{ name: "files", mountPath: app.files.mountPath, readOnly: true }],
    };
}
