import type { Properties } from "../state";
import { awsIdentity } from "./aws";
import { gcpIdentity } from "./gcp";
import type { Identity } from "./identity";
import { kubernetesIdentity, kubernetesSettings } from "./kubernetes";

export type * from "./identity";

/** What is particular to a cloud. */
interface Cloud {
    /** How resources of a type are found again; undefined for a type that is not in its table. */
    readonly identity: (type: string) => Identity | undefined;
    /** Settings of its provider for a look from another folder. @default as they are */
    readonly settings?: (settings: Properties, directory: string) => Properties;
}

/** Clouds, by the name that their types begin with. */
const clouds: Readonly<Record<string, Cloud>> = {
    aws: { identity: awsIdentity },
    gcp: { identity: gcpIdentity },
    kubernetes: { identity: kubernetesIdentity, settings: kubernetesSettings },
};

/** How resources of a type are found again; undefined for a type that nobody knows here. */
export function identityOf(type: string): Identity | undefined {
    return clouds[type.split(":")[0] ?? ""]?.identity(type);
}

/**
 * Settings of a provider for whoever only looks, from another folder.
 *
 * @param cloud name that its types begin with.
 * @param directory the folder that they were written for.
 */
export function settingsToLook(cloud: string, settings: Properties, directory: string): Properties {
    return clouds[cloud]?.settings?.(settings, directory) ?? settings;
}
