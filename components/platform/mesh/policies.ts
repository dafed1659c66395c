import type { AppContext } from "../../app/context";
import { type Part, selectorLabels } from "../../app/labels";
import type { AppMeshArgs } from "./appMesh";
import { createObject } from "./objects";
import { gatewayLabels, gatewayName, gatewayPort, principal } from "./names";

type Labels = Readonly<Record<string, string>>;

/** Who may come, and to which ports; undefined for anybody, in the clear too. */
interface Allowance {
    readonly from?: readonly string[];
    readonly ports: readonly number[];
}

/**
 * The same as the app's NetworkPolicies say, by who a pod proves to be rather than by its address: nothing, then users to the gateway, the
 * gateway to the app, and the app's own pods to the state. Nodes enforce it without a proxy of layer 7, so it speaks of accounts and
 * ports alone (https://istio.io/latest/docs/ambient/usage/l4-policy/). While plain requests are let in, nobody has to prove anything.
 */
export function createPolicies(context: AppContext, { settings, observer: { appPort } }: AppMeshArgs): void {
    const { app } = context;
    const strict = settings.mtls === "strict";
    createObject(context, { role: "mtls", ...authentication, name: "default", spec: { mtls: { mode: strict ? "STRICT" : "PERMISSIVE" } } });
    if (!strict) {
        return;
    }
    // The app's name is its namespace's.
    const gateway = principal(app.name, gatewayName(app.name));
    const own = principal(app.name, app.name);
    const part = (name: Part): Labels => selectorLabels(app.name, name);
    authorize(context, "deny-all");
    authorize(context, "allow-clients", gatewayLabels(app.name), { ports: [gatewayPort] });
    authorize(context, "allow-gateway", part("app"), { from: [gateway], ports: [app.port] });
    if (app.state !== undefined) {
        authorize(context, "allow-state", part("state"), { from: [own], ports: [app.state.port] });
    }
    if (appPort !== undefined) {
        exemptMetrics(context, part("app"), appPort);
    }
}

const authentication = { apiVersion: "security.istio.io/v1", kind: "PeerAuthentication" } as const;

/** Prometheus is not in the mesh: a NetworkPolicy holds this port for it alone. */
function exemptMetrics(context: AppContext, matchLabels: Labels, port: number): void {
    const spec = { selector: { matchLabels }, mtls: { mode: "STRICT" }, portLevelMtls: { [port]: { mode: "PERMISSIVE" } } };
    createObject(context, { role: "mtls-metrics", ...authentication, name: "metrics", spec });
    authorize(context, "allow-metrics", matchLabels, { ports: [port] });
}

/** Allows something to some pods; without any, nothing to all (https://istio.io/latest/docs/reference/config/security/authorization-policy/). */
function authorize(context: AppContext, name: string, matchLabels?: Labels, allowance?: Allowance): void {
    const rules = (allowance === undefined ? [] : [allowance]).map(({ from, ports }) => ({
        ...(from === undefined ? {} : { from: [{ source: { principals: from } }] }),
        to: [{ operation: { ports: ports.map(String) } }],
    }));
    const spec = matchLabels === undefined ? {} : { selector: { matchLabels }, action: "ALLOW", rules };
    createObject(context, { role: name, apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy", name, spec });
}
