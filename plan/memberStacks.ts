import { kindOf } from "../components/cluster";
import { clusterHost } from "../components/app";
import { type HoldfastConfig, parseConfig } from "../components/config";
import { tlsRequest } from "../components/config/tls";
import { programConfig } from "../components/config/load";
import { type Problem, pathOf } from "../components/config/problems";
import { reference } from "./mocks/reference";
import { engineConfig, readStackFile, stacksIn } from "./stackFile";

/** Configs of other stacks, by their full name, as far as they have a file. */
export type MemberStacks = ReadonlyMap<string, HoldfastConfig>;

/** Reads the stacks that a config's failover refers to and that have a file in the directory, each once. */
export function readMemberStacks(directory: string, { failover }: HoldfastConfig): MemberStacks {
    const names = new Set(failover?.members.map(({ stack }) => stack));
    const present = names.size === 0 ? [] : stacksIn(directory);
    return new Map(
        [...names]
            .filter(fullName => present.includes(stackOf(fullName)))
            .map(fullName => [fullName, parseConfig(programConfig(engineConfig(readStackFile(directory, stackOf(fullName)).config)))]),
    );
}

/**
 * What another stack will export, as far as its file says: for the plan of a stack that refers to it.
 * Undefined where the stack has no file.
 */
export function memberOutputs(stacks: MemberStacks, fullName: string): Readonly<Record<string, unknown>> | undefined {
    const config = stacks.get(fullName);
    if (config === undefined) {
        return undefined;
    }
    const stack = stackOf(fullName);
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

/** Members that name a cluster which their stack, as far as it has a file here, does not have. */
export function checkMembers(stacks: MemberStacks, { failover }: HoldfastConfig): readonly Problem[] {
    return (failover?.members ?? []).flatMap(({ name, stack }, index) => {
        const config = stacks.get(stack);
        if (config === undefined || config.clusters.some(cluster => cluster.name === name)) {
            return [];
        }
        return [
            {
                path: pathOf(["failover", "members", index, "name"]),
                received: name,
                allowed: `a cluster of ${stack}: ${config.clusters.map(cluster => cluster.name).join(", ") || "it has none"}`,
                fix: "name a cluster of that stack, or another stack",
            },
        ];
    });
}

function stackOf(fullName: string): string {
    return fullName.split("/").at(-1) ?? fullName;
}
