import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import execa from "execa";
import { parse, stringify } from "yaml";

import main = require("../../../index");

const project = join(__dirname, "..", "..", "..");

/** Config of a stack, by full key. */
export type StackConfig = Readonly<Record<string, unknown>>;

/** The config of one of the project's stacks, as its file says. */
export function configOf(stack: string): StackConfig {
    return (parse(readFileSync(join(project, `Pulumi.${stack}.yaml`), "utf8")) as { readonly config: StackConfig }).config;
}

/** A folder with the project's file and a place for state: a user's checkout, as far as the engine sees it. */
export class Workspace {
    /** What the engine's CLI is run with. */
    readonly env: Readonly<Record<string, string>>;

    /**
     * @param attach see {@link Clouds.attach}.
     * @param folder one that another process made; a new one otherwise.
     * @param sidecars whether the CLI keeps a file beside each state, as it does by default: see recover/sidecar.ts. Without it is faster.
     */
    constructor(
        attach: string,
        readonly folder: string = newFolder(),
        readonly sidecars = false,
    ) {
        this.env = {
            PULUMI_BACKEND_URL: `file://${join(folder, "state")}${sidecars ? "" : "?metadata=skip"}`,
            PULUMI_CONFIG_PASSPHRASE: "a passphrase",
            PULUMI_DEBUG_PROVIDERS: attach,
            // The providers are here: without this the CLI tries to download their plug-ins, again and again.
            PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
            PULUMI_HOME: join(folder, "home"),
            PULUMI_SKIP_UPDATE_CHECK: "true",
        };
    }

    /** A stack with a config. It is made where it is not there. */
    stack(name: string, config: StackConfig): Promise<Stack> {
        this.configure(name, config);
        return this.select(name);
    }

    /** A stack with the config that it has. */
    select(name: string): Promise<Stack> {
        return LocalWorkspace.createOrSelectStack({ stackName: name, projectName: "holdfast", program }, { workDir: this.folder, envVars: { ...this.env } });
    }

    /** Gives a stack another config. */
    configure(name: string, config: StackConfig): void {
        const file = join(this.folder, `Pulumi.${name}.yaml`);
        writeFileSync(file, stringify({ ...settingsIn(file), config }));
    }

    /** State of a stack, as the CLI keeps it; its secrets are sealed. */
    state(name: string): string {
        return readFileSync(this.stateFile(name), "utf8");
    }

    /** Makes a state of before the state again. */
    restoreState(name: string, state: string): void {
        writeFileSync(this.stateFile(name), state);
    }

    private stateFile(name: string): string {
        return join(this.folder, "state", ".pulumi", "stacks", "holdfast", `${name}.json`);
    }

    /** Runs the CLI as a user would, such as `pulumi destroy --yes`: unlike its API it previews before it acts. */
    async cli(args: readonly string[]): Promise<{ readonly exitCode: number; readonly all: string }> {
        const { exitCode, all } = await execa("pulumi", args, { cwd: this.folder, env: this.env, all: true, reject: false });
        return { exitCode, all: all ?? "" };
    }

    close(): void {
        rmSync(this.folder, { recursive: true, force: true });
    }
}

/** The program, without the stack traces that the SDK takes for every promise and resource: they are most of its time. */
async function program(): Promise<Record<string, unknown>> {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
        return { ...(await main()) };
    } finally {
        Error.stackTraceLimit = limit;
    }
}

function newFolder(): string {
    const folder = mkdtempSync(join(tmpdir(), "holdfast-engine-"));
    mkdirSync(join(folder, "state"));
    // The program is not in the folder: it runs in the process that starts the engine.
    const { main: _main, ...settings } = parse(readFileSync(join(project, "Pulumi.yaml"), "utf8")) as Record<string, unknown>;
    writeFileSync(join(folder, "Pulumi.yaml"), stringify(settings));
    return folder;
}

/** What is in a stack's file: Pulumi itself writes the salt of its secrets there. */
function settingsIn(file: string): Record<string, unknown> {
    return existsSync(file) ? (parse(readFileSync(file, "utf8")) as Record<string, unknown>) : {};
}
