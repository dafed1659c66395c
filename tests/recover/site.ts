/** A stack on the real engine and on a cloud of shelves, for updates that are killed. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { LocalWorkspace, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";

import { type PulumiStack, cancelUpdate, exportState, runPulumi } from "../../recover/pulumi";
import { type Recovered, type RecoverArgs, recover } from "../../recover/recover";
import { type Exported, parseState } from "../../recover/state";
import { type Outcome, executor } from "../../tools/execute";
import type { Asked, Checked, Difference, Existing, Failure, Provider } from "../engine/provider/provider";
import { serveProvider } from "../engine/provider/serve";
import type { Properties } from "../engine/provider/wire";

/** Something that is there. */
export interface Thing {
    readonly type: string;
    readonly urn: string;
    inputs: Properties;
}

/** A cloud that takes whatever it is given. It outlives updates, so that what they leave behind shows. */
export class Shelves implements Provider {
    /** By id. */
    readonly things = new Map<string, Thing>();
    /** Is told of each creation before and after the thing is there; what it returns is waited for before the answer. */
    onCreate: (name: string, moment: "before" | "after") => Promise<void> = () => Promise.resolve();
    /** Things that can't be read now, and why; undefined where all can. */
    unreadable: { readonly type: string; readonly why: string } | undefined;
    #made = 0;

    checkConfig(): readonly Failure[] {
        return [];
    }

    diffConfig(): Difference {
        return { changed: [], replacing: [], deleteFirst: false };
    }

    configure(): void {
        // Every provider sees the same shelves.
    }

    check(_asked: Asked, _before: Properties | undefined, after: Properties): Checked {
        return { inputs: after, failures: [] };
    }

    diff(_asked: Asked, before: Properties, after: Properties): Difference {
        const changed = Object.keys({ ...before, ...after }).filter(key => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
        return { changed, replacing: changed.filter(key => key === "cidrBlock"), deleteFirst: false };
    }

    async create({ type, urn, name, preview }: Asked, inputs: Properties): Promise<Existing> {
        if (preview) {
            return { id: "", inputs, outputs: inputs };
        }
        await this.onCreate(name, "before");
        const id = idOf(inputs) ?? `vpc-${++this.#made}`;
        if (this.things.has(id)) {
            throw new Error(`${id} is there already`);
        }
        this.things.set(id, { type, urn, inputs });
        await this.onCreate(name, "after");
        return { id, inputs, outputs: outputsOf(id, inputs) };
    }

    read({ type }: Asked, id: string): Promise<Existing | undefined> {
        if (this.unreadable?.type === type) {
            return Promise.reject(new Error(this.unreadable.why));
        }
        const thing = this.things.get(id);
        return Promise.resolve(thing && { id, inputs: thing.inputs, outputs: outputsOf(id, thing.inputs) });
    }

    update(_asked: Asked, id: string, _before: Properties, inputs: Properties): Promise<Properties> {
        const thing = this.things.get(id);
        if (thing === undefined) {
            return Promise.reject(new Error(`${id} is not there`));
        }
        thing.inputs = inputs;
        return Promise.resolve(outputsOf(id, inputs));
    }

    delete(_asked: Asked, id: string): Promise<void> {
        this.things.delete(id);
        return Promise.resolve();
    }

    invoke(_session: string, token: string, args: Properties): Promise<Properties> {
        if (token !== "aws:resourcegroupstaggingapi/getResources:getResources") {
            return Promise.reject(new Error(`unknown function ${token}`));
        }
        const [{ key, values }] = args["tagFilters"] as [{ key: string; values: readonly string[] }];
        const tagged = [...this.things].flatMap(([id, { inputs }]) => {
            const tags = (inputs["tags"] ?? {}) as Readonly<Record<string, string>>;
            return values.includes(tags[key] ?? "") ? [{ resourceArn: `arn:aws:ec2:us-east-1:1:vpc/${id}`, tags }] : [];
        });
        return Promise.resolve({ resourceTagMappingLists: tagged });
    }

    construct(): never {
        throw new Error("there are no components here");
    }

    /** What is there, as "name id", in order. */
    inventory(): readonly string[] {
        return [...this.things].map(([id, { urn }]) => `${urn.split("::").at(-1) ?? ""} ${id}`).sort();
    }
}

/** Ids of objects with names are those. */
function idOf(inputs: Properties): string | undefined {
    const { namespace, name } = (inputs["metadata"] ?? {}) as { readonly namespace?: string; readonly name?: string };
    return name === undefined ? undefined : `${namespace ?? "default"}/${name}`;
}

function outputsOf(id: string, inputs: Properties): Properties {
    return { ...inputs, arn: `arn of ${id}` };
}

const stackName = "prod";

/** The command, and what lets Node read it. */
const main = join(__dirname, "..", "..", "recover", "main.ts");
const loader = ["--require", require.resolve("tsx/cjs")];

/** A checkout of a project, as far as the engine sees it. */
export class Site {
    readonly shelves = new Shelves();
    readonly #folder = mkdtempSync(join(tmpdir(), "holdfast-site-"));
    #env: Readonly<Record<string, string>> = {};
    #close: () => void = () => undefined;

    /** Needs Pulumi's CLI on the PATH, as the engine's suites do. */
    static async open(): Promise<Site> {
        const site = new Site();
        const served = await serveProvider("0.0.0", site.shelves);
        mkdirSync(join(site.#folder, "state"));
        mkdirSync(join(site.#folder, "project"));
        site.#env = {
            PULUMI_BACKEND_URL: `file://${join(site.#folder, "state")}`,
            PULUMI_CONFIG_PASSPHRASE: "a passphrase",
            PULUMI_DEBUG_PROVIDERS: ["aws", "kubernetes"].map(name => `${name}:${served.port}`).join(","),
            PULUMI_HOME: join(site.#folder, "home"),
            PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
            PULUMI_SKIP_UPDATE_CHECK: "true",
        };
        site.#close = () => {
            served.close();
        };
        return site;
    }

    close(): void {
        this.#close();
        rmSync(this.#folder, { recursive: true, force: true });
    }

    /** Runs an update of a program to its end. Resolves to what it did, by kind. */
    async up(program: PulumiFn): Promise<Readonly<Record<string, number>>> {
        const { summary } = await (await this.stack(program)).up();
        return summary.resourceChanges ?? {};
    }

    /** Runs an update, and kills the CLI once it makes all of these: before the cloud has done anything for the last, or after it. */
    async killedUp(program: PulumiFn, moment: "before" | "after", ...names: readonly string[]): Promise<void> {
        const stack = await this.stack(program);
        const reached = new Set<string>();
        this.shelves.onCreate = (made, now) => {
            if (!names.includes(made) || now !== moment) {
                return Promise.resolve();
            }
            reached.add(made);
            if (reached.size === names.length) {
                process.kill(this.lockHolder(), "SIGKILL");
            }
            // Whoever asks is about to be gone: there is no answer, and nothing more is done.
            return new Promise(() => undefined);
        };
        const outcome = await stack.up().then(() => "ended", () => "cut short");
        this.shelves.onCreate = () => Promise.resolve();
        if (reached.size !== names.length || outcome !== "cut short") {
            throw new Error(`the update was not killed while it made ${names.join(" and ")}`);
        }
    }

    /** Begins an update that stays at a resource once that is there. Resolves to what lets it go on, and to its end. */
    async pausedUp(program: PulumiFn, name: string): Promise<{ readonly goOn: () => void; readonly ended: Promise<unknown> }> {
        const stack = await this.stack(program);
        return new Promise((resolve, reject) => {
            this.shelves.onCreate = (made, moment) =>
                made !== name || moment !== "after"
                    ? Promise.resolve()
                    : new Promise(goOn => {
                          resolve({ goOn, ended });
                      });
            const ended = stack.up();
            ended.catch(reject);
        });
    }

    /** Runs the command `npm run recover`, on this stack. */
    async command(...args: readonly string[]): Promise<Outcome> {
        const env = { ...process.env, ...this.#env };
        return this.cli.execute({ command: process.execPath, args: [...loader, main, "--stack", stackName, ...args], cwd: this.project, env });
    }

    recover(more: Partial<RecoverArgs> = {}): Promise<Recovered> {
        return recover({ stack: stackName, directory: this.project, env: this.#env, ...more });
    }

    /** Takes the lock away, and nothing else. */
    cancel(): Promise<void> {
        return cancelUpdate(this.cli);
    }

    /** The state, as it is stored: its secrets sealed. */
    async sealedState(): Promise<Exported> {
        return parseState(await runPulumi(this.cli, ["stack", "export"]));
    }

    /** The state, with its secrets in the clear. */
    shownState(): Promise<Exported> {
        return exportState(this.cli);
    }

    /** Stacks that the CLI has made notes of. */
    notes(): readonly string[] {
        return readdirSync(join(this.#folder, "home", "workspaces"));
    }

    private get cli(): PulumiStack {
        return { name: stackName, directory: this.project, command: "pulumi", env: { ...process.env, ...this.#env }, execute: executor(new AbortController().signal) };
    }

    private get project(): string {
        return join(this.#folder, "project");
    }

    private stack(program: PulumiFn): Promise<Stack> {
        return LocalWorkspace.createOrSelectStack({ stackName, projectName: "holdfast", program }, { workDir: this.project, envVars: { ...this.#env } });
    }

    /** The CLI that runs an update says so in its lock. */
    private lockHolder(): number {
        const locks = join(this.#folder, "state", ".pulumi", "locks");
        const [file] = readdirSync(locks, { recursive: true, encoding: "utf8" }).filter(path => path.endsWith(".json"));
        return (JSON.parse(readFileSync(join(locks, file ?? ""), "utf8")) as { readonly pid: number }).pid;
    }
}
