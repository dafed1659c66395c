import { kindOf } from "../components/cluster";
import { clusterHost } from "../components/app";
import { parseConfig } from "../components/config";
import { tlsRequest } from "../components/config/tls";
import { programConfig } from "../components/config/load";
import { reference } from "./mocks/reference";
import { engineConfig, readStackFile, stacksIn } from "./stackFile";

/**
 * What another stack will export, as far as its file says: for the plan of a stack that refers to it.
 * Undefined where the stack has no file in the directory.
 */
export function memberOutputs(directory: string, fullName: string): Readonly<Record<string, unknown>> | undefined {
    const stack = fullName.split("/").at(-1) ?? fullName;
    if (!stacksIn(directory).includes(stack)) {
        return undefined;
    }
    const config = parseConfig(programConfig(engineConfig(readStackFile(directory, stack).config)));
    const { app } = config;
    const scheme = app !== undefined && tlsRequest(app, config) !== undefined ? "https" : "http";
    const endpoints = config.clusters.map(cluster => {
        const property = `endpoints.${cluster.name}`;
        const named = kindOf(cluster).addressKind === "hostname";
        return [
            cluster.name,
            {
                url: `${scheme}://${clusterHost(cluster.name, app?.ingress?.host ?? stack)}`,
                address: reference(stack, `${property}.address`),
                aliasZoneId: named ? reference(stack, `${property}.aliasZoneId`) : null,
                scheme,
                routedByHost: app?.ingress !== undefined,
            },
        ] as const;
    });
    return { endpoints: Object.fromEntries(endpoints) };
}
