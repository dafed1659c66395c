import * as pulumi from "@pulumi/pulumi";
import type * as resourceProto from "@pulumi/pulumi/proto/resource_pb";
import { RegisterResourceResponse, ReadResourceResponse } from "@pulumi/pulumi/proto/resource_pb";
import { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import { setMockOptions } from "@pulumi/pulumi/runtime/settings";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import type { PlannedResource } from "./summary";
import { maskSecrets, revealSecrets } from "./wire";

/** What a cloud would answer. Each answer is computed from what was asked; nothing is looked up. */
export interface CloudAnswers {
    /** Properties that a resource has beside its inputs; must say so where it knows no such type. */
    outputs(resource: AskedResource): Readonly<Record<string, unknown>>;
    /** The answer of a provider function. Throws for one that it does not know. */
    call(token: string, args: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
}

/** A resource as it is asked for. */
export interface AskedResource {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    /** URN of the parent; undefined for none. */
    readonly parent: string | undefined;
    /** URN of the provider; undefined for the default one. */
    readonly provider: string | undefined;
    /** Inputs, secrets in the clear. */
    readonly inputs: Readonly<Record<string, unknown>>;
}

/** A registered resource, with all that the program said of it. */
export interface RecordedResource extends PlannedResource {
    /** URNs that the resource was known by before, as the program and the SDKs say. */
    readonly aliases: readonly string[];
    /** Inputs as they went over the wire, secrets marked and in the clear. */
    readonly wireInputs: unknown;
}

/** What a program did. */
export interface Recording {
    readonly resources: readonly RecordedResource[];
    /** Stack outputs as they went over the wire, secrets marked and in the clear. */
    readonly outputs: unknown;
    /** What the program, or Pulumi's SDK, warned of. */
    readonly warnings: readonly string[];
}

/** Where a program believes it runs. */
export interface Stage {
    readonly project: string;
    readonly stack: string;
    /** Config by full key, as the engine hands it over: text, or JSON for structures. */
    readonly config: Readonly<Record<string, string>>;
}

/**
 * Runs a Pulumi program under the SDK's mocks and records what it registers: no engine, no CLI, no
 * cloud. Runs one at a time: the SDK keeps its settings for the whole process.
 */
export async function record(program: () => Promise<unknown>, stage: Stage, answers: CloudAnswers): Promise<Recording> {
    const recorder = new Recorder(stage, answers);
    await pulumi.runtime.setMocks(unusedMocks, stage.project, stage.stack, false, "organization");
    setMockOptions(recorder, stage.project, stage.stack, false, "organization");
    pulumi.runtime.setAllConfig({ ...stage.config });
    const warnings: string[] = [];
    const restore = captureWarnings(warnings);
    try {
        await withoutStackTraces(() =>
            failingWithStrays(async () => {
                await pulumi.runtime.runInPulumiStack(program);
                await pulumi.runtime.disconnect();
            }),
        );
    } finally {
        restore();
    }
    return { resources: recorder.recorded, outputs: recorder.stackOutputs, warnings };
}

const unusedMocks: pulumi.runtime.Mocks = {
    newResource: ({ type }) => unexpected(type),
    call: ({ token }) => unexpected(token),
};

function unexpected(what: string): never {
    throw new Error(`${what} went past the recorder`);
}

/**
 * The SDK takes a stack trace for every promise and resource, which is most of a plan's time
 * (3.5 ms a resource against 1 ms without).
 */
async function withoutStackTraces(run: () => Promise<void>): Promise<void> {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
        await run();
    } finally {
        Error.stackTraceLimit = limit;
    }
}

/**
 * The SDK lets a resource that could not be made, or an `apply` that throws, be a rejection that nobody
 * awaits. The first such one is the run's failure.
 */
async function failingWithStrays(run: () => Promise<void>): Promise<void> {
    const strays: unknown[] = [];
    const listener = (reason: unknown): void => {
        strays.push(reason);
    };
    process.on("unhandledRejection", listener);
    try {
        await run();
        // Node tells of stray rejections once the microtasks are done.
        await new Promise(resolve => setImmediate(resolve));
    } finally {
        process.off("unhandledRejection", listener);
    }
    if (strays.length > 0) {
        throw strays[0];
    }
}

const warningPrefix = "warning: [runtime] ";

/** Without an engine the SDK prints warnings to the console: they are collected from there. */
function captureWarnings(warnings: string[]): () => void {
    const original = console.warn;
    console.warn = (...parts: unknown[]) => {
        const [first] = parts;
        if (typeof first === "string" && first.startsWith(warningPrefix)) {
            warnings.push(first.slice(warningPrefix.length));
        } else {
            original(...parts);
        }
    };
    return () => {
        console.warn = original;
    };
}

/** What only a registration says of a resource. */
type Said = Pick<
    RecordedResource,
    "protect" | "retainOnDelete" | "ignoreChanges" | "replaceOnChanges" | "deleteBeforeReplace" | "aliases" | "propertyDependencies" | "custom"
>;

type Callback<T> = (error: unknown, response: T | undefined) => void;

const stackType = "pulumi:pulumi:Stack";

/** The SDK's mock monitor, but one that keeps whole registration requests. */
export class Recorder extends MockMonitor {
    public readonly recorded: RecordedResource[] = [];
    public stackOutputs: unknown = {};

    constructor(
        private readonly stage: Pick<Stage, "project" | "stack">,
        private readonly answers: CloudAnswers,
    ) {
        super(unusedMocks);
    }

    public override registerResource(
        request: resourceProto.RegisterResourceRequest,
        callback: Callback<RegisterResourceResponse>,
    ): Promise<void> {
        return respond(callback, () => {
            const resource = this.keep(request, request.getObject(), {
                protect: request.getProtect() ?? false,
                retainOnDelete: request.getRetainondelete() ?? false,
                ignoreChanges: request.getIgnorechangesList(),
                replaceOnChanges: request.getReplaceonchangesList(),
                deleteBeforeReplace: request.getDeletebeforereplacedefined() ? request.getDeletebeforereplace() : null,
                aliases: aliasesOf(this.stage, request),
                propertyDependencies: propertyDependencies(request),
                custom: request.getCustom(),
            });
            const response = new RegisterResourceResponse();
            response.setUrn(resource.urn);
            response.setId(resource.custom ? idOf(resource.name) : "");
            response.setObject(this.stateOf(resource));
            return response;
        });
    }

    public override readResource(
        request: resourceProto.ReadResourceRequest,
        callback: Callback<ReadResourceResponse>,
    ): Promise<void> {
        return respond(callback, () => {
            const resource = this.keep(request, request.getProperties(), {
                protect: false,
                retainOnDelete: false,
                ignoreChanges: [],
                replaceOnChanges: [],
                deleteBeforeReplace: null,
                aliases: [],
                propertyDependencies: {},
                custom: true,
            });
            const response = new ReadResourceResponse();
            response.setUrn(resource.urn);
            response.setProperties(this.stateOf(resource));
            return response;
        });
    }

    public override registerResourceOutputs(
        request: resourceProto.RegisterResourceOutputsRequest,
        callback: Callback<object>,
    ): void {
        if (request.getUrn().split("::")[2] === stackType) {
            this.stackOutputs = request.getOutputs()?.toJavaScript() ?? {};
        }
        callback(null, {});
    }

    public override invoke(
        request: resourceProto.ResourceInvokeRequest,
        callback: Callback<InstanceType<typeof InvokeResponse>>,
    ): Promise<void> {
        return respond(callback, () => {
            const args = revealSecrets(request.getArgs()?.toJavaScript() ?? {}) as Readonly<Record<string, unknown>>;
            const response = new InvokeResponse();
            response.setReturn(Struct.fromJavaScript({ ...this.answers.call(request.getTok(), args) } as never));
            return response;
        });
    }

    /** Records what a request of either kind says. */
    private keep(
        request: resourceProto.RegisterResourceRequest | resourceProto.ReadResourceRequest,
        properties: Struct | undefined,
        said: Said,
    ): RecordedResource {
        const wireInputs = properties?.toJavaScript() ?? {};
        const resource = {
            urn: urnOf(this.stage, request.getParent(), request.getType(), request.getName()),
            type: request.getType(),
            name: request.getName(),
            parent: request.getParent() || null,
            provider: providerUrn(request.getProvider()),
            dependencies: request.getDependenciesList(),
            inputs: maskSecrets(wireInputs),
            wireInputs,
            ...said,
        };
        this.recorded.push(resource);
        return resource;
    }

    /** What the resource looks like once it is there: its inputs, and for a real one what its cloud adds. */
    private stateOf({ urn, type, name, parent, provider, wireInputs, custom }: RecordedResource): Struct {
        const inputs = revealSecrets(wireInputs) as Readonly<Record<string, unknown>>;
        const asked = { urn, type, name, parent: parent ?? undefined, provider: provider ?? undefined, inputs };
        const state = { ...(wireInputs as object), ...(custom ? this.answers.outputs(asked) : {}) };
        return Struct.fromJavaScript(state as Parameters<typeof Struct.fromJavaScript>[0]);
    }
}

/** Sources of each input. The SDK's map is read by its own `forEach`: its list form holds encoded entries. */
function propertyDependencies(request: resourceProto.RegisterResourceRequest): Readonly<Record<string, readonly string[]>> {
    const sources: Record<string, readonly string[]> = {};
    request.getPropertydependenciesMap().forEach((dependencies, input) => {
        sources[input] = dependencies.getUrnsList();
    });
    return sources;
}

/** Aliases as URNs: of one in parts, what it leaves out is as the resource has it. */
function aliasesOf(stage: Pick<Stage, "project" | "stack">, request: resourceProto.RegisterResourceRequest): readonly string[] {
    return request.getAliasesList().map(alias => {
        const spec = alias.getSpec();
        if (spec === undefined) {
            return alias.getUrn();
        }
        const place = { project: spec.getProject() || stage.project, stack: spec.getStack() || stage.stack };
        const parent = spec.getNoparent() ? "" : spec.getParenturn() || request.getParent();
        return urnOf(place, parent, spec.getType() || request.getType(), spec.getName() || request.getName());
    });
}

/** Answers a request, or fails it with what went wrong. */
function respond<T>(callback: Callback<T>, answer: () => T): Promise<void> {
    try {
        callback(null, answer());
    } catch (error) {
        // The SDK reads what gRPC calls details.
        callback(Object.assign(error as Error, { details: (error as Error).message }), undefined);
    }
    return Promise.resolve();
}

/** The id that a resource gets in a plan: a reference that reads like one. */
export function idOf(name: string): string {
    return `\${${name}.id}`;
}

/** The URN that the engine would give: types of the parents up to the stack, joined by `$`. */
function urnOf({ project, stack }: Pick<Stage, "project" | "stack">, parent: string, type: string, name: string): string {
    const parentType = parent.split("::")[2] ?? "";
    const qualified = parentType === "" || parentType === stackType ? type : `${parentType}$${type}`;
    return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}

/** A provider reference is the provider's URN and, after another `::`, its id. */
function providerUrn(reference: string): string | null {
    return reference === "" ? null : reference.split("::").slice(0, 4).join("::");
}
