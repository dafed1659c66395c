import type { Carrier } from "../../cluster";
import type { MeshConfig } from "../../config/platform/mesh";
import { AppMesh, type Observer } from "./appMesh";
import { gatewayResources } from "./gateway";
import { gatewayLabels, gatewayPort, tunnelPorts } from "./names";

/** The mesh, as an app's parts know it. */
export function meshCarrier(settings: MeshConfig, observer: Observer): Carrier {
    return {
        port: gatewayPort,
        isOnlyWay: settings.mtls === "strict",
        maxReplicas: settings.gateways.max,
        resources: gatewayResources,
        tunnelPort: tunnelPorts.tunnel,
        // Always this one: https://istio.io/latest/docs/ambient/usage/networkpolicy/#ambient-health-probes-and-kubernetes-networkpolicy.
        probesFrom: "169.254.7.127/32",
        selector: gatewayLabels,
        create: (name, args, opts) => new AppMesh(`${name}-mesh`, { ...args, settings, observer }, opts).ready,
    };
}
