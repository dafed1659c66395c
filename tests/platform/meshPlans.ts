/** What the tests of the add-on `mesh` share. */
import type { PlannedStack } from "../../plan/run";
import { type Manifest, fullApp, zonedCluster } from "../support/kubernetes";
import { all, inputsOf, type RawConfig } from "../support/plan";
import { planPlatform } from "./support";

export type Labels = Readonly<Record<string, string>>;

export const nameLabel = "app.kubernetes.io/name";
export const partLabel = "app.kubernetes.io/component";
export const gatewayPods: Labels = { [nameLabel]: "shop-gateway", [partLabel]: "app" };
export const appPods: Labels = { [nameLabel]: "shop", [partLabel]: "app" };

/** Every part of an app, with a TLS Secret that clouds of all kinds can do with. */
export const meshedApp: RawConfig = { ...fullApp, ingress: { host: "shop.example.com", tls: { zone: "example.com", issuer: "letsencrypt-dns" } } };

/** Plans an app in the mesh; by default on an existing cluster of three zones. */
export function planMesh(settings: unknown = true, cluster: RawConfig = zonedCluster, app: RawConfig = meshedApp, more: RawConfig = {}): Promise<PlannedStack> {
    return planPlatform(cluster, { mesh: settings, ...more }, app);
}

/** Type of one of Istio's objects. */
export function istio(kind: "AuthorizationPolicy" | "DestinationRule" | "Gateway" | "PeerAuthentication" | "VirtualService"): string {
    return `kubernetes:${kind === "PeerAuthentication" || kind === "AuthorizationPolicy" ? "security" : "networking"}.istio.io/v1:${kind}`;
}

/** Specs of all objects of a type, by their names after the app's. */
export function specsOf<Spec>(on: PlannedStack, type: string): ReadonlyMap<string, Spec> {
    return new Map(all(on, type).map(resource => [resource.name.replace(/^[a-z]+-shop-/, ""), inputsOf<Manifest<Spec>>(resource).spec]));
}
