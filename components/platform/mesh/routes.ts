import * as pulumi from "@pulumi/pulumi";

import type { AppContext } from "../../app/context";
import { portName } from "../../app/deployment";
import { createObject } from "./objects";
import { gatewayLabels, gatewayName, gatewayPort } from "./names";

/**
 * Methods that may be asked twice: safe ones alone, since of others nobody knows whether a replica that went silent had begun
 * (https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1).
 */
const safeMethods = "GET|HEAD|OPTIONS";

/** Times that a request is given to another replica. */
const attempts = 2;

/** A connection that a replica refused, or that broke before anything was sent on it. */
const neverSent = "connect-failure,refused-stream,reset-before-request";

/** The way from the gateway to the app's replicas: every request, each to whichever replica has the fewest. */
export function createRoutes(context: AppContext, service: pulumi.Output<string>): readonly pulumi.Resource[] {
    const { app } = context;
    const name = gatewayName(app.name);
    const host = pulumi.interpolate`${service}.${context.namespace}.svc.cluster.local`;
    const route = [{ destination: { host, port: { number: app.port } } }];
    const gateway = {
        selector: gatewayLabels(app.name),
        servers: [{ port: { number: gatewayPort, name: portName, protocol: "HTTP" }, hosts: ["*"] }],
    };
    const virtualService = {
        hosts: ["*"],
        gateways: [name],
        http: [
            // Through a tunnel, a replica that is gone looks like one that broke off: "reset" (https://github.com/istio/ztunnel/issues/1662).
            { name: "safe", match: [{ method: { regex: safeMethods } }], retries: { attempts, retryOn: `${neverSent},reset` }, route },
            { name: "other", retries: { attempts, retryOn: neverSent }, route },
        ],
    };
    return [
        createObject(context, { role: "listener", apiVersion: "networking.istio.io/v1", kind: "Gateway", name, spec: gateway }),
        createObject(context, { role: "routes", apiVersion: "networking.istio.io/v1", kind: "VirtualService", name, spec: virtualService }),
        createObject(context, { role: "balance", apiVersion: "networking.istio.io/v1", kind: "DestinationRule", name, spec: balance(host) }),
    ];
}

/** Fields: https://istio.io/latest/docs/reference/config/networking/destination-rule/. */
function balance(host: pulumi.Output<string>) {
    return {
        host,
        trafficPolicy: {
            // Zones share the load as their replicas do: the capacity after a zone's loss is reckoned for that.
            loadBalancer: { simple: "LEAST_REQUEST", localityLbSetting: { enabled: false } },
            connectionPool: {
                http: {
                    // HTTP/2 and gRPC reach the app as they came.
                    useClientProtocol: true,
                    // Less than any server keeps a connection that is idle: gunicorn 2 s, Node.js 5 s. A request must not meet its end.
                    idleTimeout: "1s",
                },
            },
            // A replica that can't be reached sits out; one that answers with errors is for its readiness probe to judge.
            outlierDetection: {
                splitExternalLocalOriginErrors: true,
                consecutiveLocalOriginFailures: 3,
                consecutiveGatewayErrors: 0,
                consecutive5xxErrors: 0,
                interval: "5s",
                baseEjectionTime: "15s",
                maxEjectionPercent: 50,
            },
        },
    };
}
