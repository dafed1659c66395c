import main = require("../index");

import { ConfigError, type HoldfastConfig, parseConfig } from "../components/config";
import { programConfig } from "../components/config/load";
import { checkMembers, memberOutputs, readMemberStacks } from "./memberStacks";
import { cloudAnswers } from "./mocks";
import { type Recording, record } from "./recorder";
import { type StackFile, engineConfig } from "./stackFile";

/** A stack's checked config, and what the program did with it. */
export interface PlannedStack {
    readonly file: StackFile;
    readonly config: HoldfastConfig;
    readonly recording: Recording;
}

/**
 * Runs index.ts for a stack, under mocks.
 *
 * @param directory where the stack files are, for stacks that this one refers to.
 * @throws ConfigError where the config has problems.
 */
export async function planStack(directory: string, file: StackFile): Promise<PlannedStack> {
    const stage = { project: file.project, stack: file.stack, config: engineConfig(file.config) };
    const config = parseConfig(programConfig(stage.config));
    const members = readMemberStacks(directory, config);
    const strangers = checkMembers(members, config);
    if (strangers.length > 0) {
        throw new ConfigError(strangers);
    }
    const recording = await record(
        main,
        stage,
        cloudAnswers({ clusters: config.clusters, stackOutputs: stack => memberOutputs(members, stack) ?? unknownStack(config, stack) }),
    );
    return { file, config, recording };
}

/** What is taken for a member whose stack has no file here: a load balancer that is reached by TLS. */
function unknownStack({ failover }: HoldfastConfig, stack: string): Readonly<Record<string, unknown>> {
    const names = failover?.members.filter(member => member.stack === stack).map(({ name }) => name) ?? [];
    return {
        endpoints: Object.fromEntries(
            names.map(name => [name, { url: "", address: `\${${stack}.endpoints.${name}.address}`, aliasZoneId: null, scheme: "https", routedByHost: true }]),
        ),
    };
}
