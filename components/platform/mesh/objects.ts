import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { type AppContext, metadata } from "../../app/context";

/** An object of Istio's in the app's namespace. */
export interface IstioObject {
    /** Role in the resource's name. */
    readonly role: string;
    readonly apiVersion: "networking.istio.io/v1" | "security.istio.io/v1";
    readonly kind: "AuthorizationPolicy" | "DestinationRule" | "Gateway" | "PeerAuthentication" | "VirtualService";
    readonly name: string;
    readonly spec: Readonly<Record<string, unknown>>;
}

/** Makes an object of Istio's. */
export function createObject(context: AppContext, { role, apiVersion, kind, name, spec }: IstioObject): pulumi.Resource {
    return new k8s.apiextensions.CustomResource(`${context.name}-${role}`, { apiVersion, kind, metadata: metadata(context, name), spec }, context.opts);
}
