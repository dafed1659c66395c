import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { LocalWorkspace, type PulumiCommand } from "@pulumi/pulumi/automation";

import { type Answer, type Question, settingsToLook } from "./ids";
import { type PulumiStack, byClient, exportState, inPrivateFolder } from "./pulumi";
import { type Candidate, type Reading, readAll } from "./reading";
import { type Exported, cloudOf, providerOf, revealed } from "./state";

/** A question that could not be asked. */
export interface Unanswered extends Question {
    readonly why: string;
}

/**
 * A stack of nobody's, on this machine, in which providers are asked with the settings and the credentials that the real one has: what a
 * refresh finds of a resource shows here first, and the real state is written once, when all is known.
 */
export interface Scratch {
    /** Calls functions of providers. */
    ask(questions: readonly Question[]): Promise<{ readonly answers: readonly Answer[]; readonly unanswered: readonly Unanswered[] }>;
    /** Reads candidates by their ids. The readings come in the order of the candidates. */
    read(candidates: readonly Candidate[]): Promise<readonly Reading[]>;
}

/** What a scratch stack stands in for. */
export interface Original {
    readonly stack: PulumiStack;
    readonly state: Exported;
    /** Stack and project, as URNs have them. */
    readonly names: { readonly stack: string; readonly project: string };
}

/** Makes a scratch stack for a while. It is called as the real one is, for URNs say so. */
export async function withScratch<T>(command: PulumiCommand, { stack: real, state, names }: Original, use: (scratch: Scratch) => Promise<T>): Promise<T> {
    return inPrivateFolder("holdfast-recover-", async folder => {
        const directory = join(folder, "project");
        mkdirSync(directory);
        mkdirSync(join(folder, "state"));
        const envVars = {
            ...definedIn(real.env),
            PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
            PULUMI_CONFIG_PASSPHRASE: randomBytes(32).toString("hex"),
            PULUMI_SKIP_UPDATE_CHECK: "true",
            // A refresh runs no program, whatever the user's environment says.
            PULUMI_RUN_PROGRAM: "false",
        };
        const program = { current: (): Promise<void> => Promise.resolve() };
        const stack = await byClient("making a scratch stack", () =>
            LocalWorkspace.createStack(
                { stackName: names.stack, projectName: names.project, program: () => program.current() },
                { workDir: directory, envVars, pulumiCommand: command },
            ),
        );
        const here: PulumiStack = { ...real, name: names.stack, directory, env: envVars };
        try {
            // What its secrets are sealed with, and nothing else yet.
            const empty = await exportState(here);
            return await use({
                ask: async questions => {
                    const { answers, unanswered, ask } = asking(questions, state, real.directory);
                    program.current = ask;
                    await byClient("asking providers", () => stack.preview());
                    return { answers, unanswered };
                },
                read: candidates => readAll({ stack: here, empty, state, directory: real.directory }, candidates),
            });
        } finally {
            // The CLI keeps a note of the folder's stack among its own files.
            await stack.workspace.removeStack(names.stack, { force: true });
        }
    });
}

function definedIn(env: NodeJS.ProcessEnv): Record<string, string> {
    return Object.fromEntries(Object.entries(env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}

/** A program that asks, and what comes of it. */
function asking(questions: readonly Question[], state: Exported, directory: string) {
    const answers: Answer[] = [];
    const unanswered: Unanswered[] = [];
    const ask = async (): Promise<void> => {
        const refs = [...new Set(questions.map(({ provider }) => provider))];
        const providers = new Map(refs.map((ref, index) => [ref, providerLike(ref, `provider-${index}`, state, directory)]));
        await Promise.all(
            questions.map(async question => {
                const provider = providers.get(question.provider);
                try {
                    const result = (await pulumi.runtime.invoke(question.token, { ...question.args }, provider === undefined ? {} : { provider })) as unknown;
                    answers.push({ ...question, result });
                } catch (error) {
                    unanswered.push({ ...question, why: error instanceof Error ? error.message : String(error) });
                }
            }),
        );
    };
    return { answers, unanswered, ask };
}

/** Settings that are the engine's, not the provider's (pkg/resource/deploy/providers/registry.go of pulumi/pulumi). */
const engineSettings = ["version", "pluginDownloadURL", "__internal"];

/** The SDK has a class for each provider; here any will do. */
class AnyProvider extends pulumi.ProviderResource {}

/** A provider with the settings of one of the state's. */
function providerLike(ref: string, name: string, state: Exported, directory: string): pulumi.ProviderResource {
    const original = providerOf(ref, state);
    const cloud = cloudOf(original);
    const settings = settingsToLook(cloud, revealed(original?.inputs), directory);
    const own = Object.fromEntries(Object.entries(settings).filter(([key]) => !engineSettings.includes(key)));
    const { version, pluginDownloadURL } = settings;
    return new AnyProvider(cloud, name, own, {
        ...(typeof version === "string" ? { version } : {}),
        ...(typeof pluginDownloadURL === "string" ? { pluginDownloadURL } : {}),
    });
}
