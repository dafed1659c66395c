import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { credentials } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import type { Resource } from "../../policy/graph";
import { projectDirectory } from "./plan";

/** A violation as Pulumi's engine hears of it. */
export interface Diagnostic {
    readonly policy: string;
    readonly urn: string;
    readonly message: string;
    readonly mandatory: boolean;
}

/** The policy pack, run by Pulumi's own policy runner, asked as the engine asks it. */
export interface PolicyEngine {
    /** Name and level of each policy that the pack has. */
    policies(): Promise<readonly { readonly name: string; readonly mandatory: boolean }[]>;
    /** What the engine asks of each resource before it is made. */
    analyze(resource: Resource): Promise<readonly Diagnostic[]>;
    /** What the engine asks once all resources are known. */
    analyzeStack(resources: readonly Resource[]): Promise<readonly Diagnostic[]>;
    close(): Promise<void>;
}

const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");

/** Starts the runner as the CLI's analyzer plug-in does: in the pack's directory, with the engine's address. */
export async function startPolicyEngine(): Promise<PolicyEngine> {
    const child = spawn(process.execPath, [runner, "127.0.0.1:1", "."], {
        cwd: `${projectDirectory}/policy`,
        stdio: ["ignore", "pipe", "pipe"],
    });
    const port = await portOf(child);
    const client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
    return {
        policies: async () => {
            const info = await answer<analyzer.AnalyzerInfo>(done => client.getAnalyzerInfo(new Empty(), done));
            return info.getPoliciesList().map(policy => ({
                name: policy.getName(),
                mandatory: policy.getEnforcementlevel() === analyzer.EnforcementLevel.MANDATORY,
            }));
        },
        analyze: async resource => diagnosticsOf(await answer(done => client.analyze(analyzeRequest(resource), done))),
        analyzeStack: async resources => {
            const request = new analyzer.AnalyzeStackRequest();
            request.setResourcesList(resources.map(stackResource));
            return diagnosticsOf(await answer(done => client.analyzeStack(request, done)));
        },
        close: async () => {
            client.close();
            child.kill();
            await once(child, "close");
        },
    };
}

/** The runner says on its first line which port it listens on. */
async function portOf(child: ChildProcess): Promise<string> {
    const errors: string[] = [];
    child.stderr?.on("data", (chunk: Buffer) => errors.push(chunk.toString()));
    if (child.stdout === null) {
        throw new Error("the policy runner has no output");
    }
    const line = await Promise.race([
        once(createInterface(child.stdout), "line").then(([first]) => String(first)),
        once(child, "close").then(() => undefined),
    ]);
    if (line === undefined) {
        throw new Error(`the policy runner ended: ${errors.join("")}`);
    }
    return line;
}

function answer<Response>(call: (done: (error: Error | null, response: Response) => void) => unknown): Promise<Response> {
    return new Promise((resolve, reject) => {
        call((error, response) => {
            if (error === null) {
                resolve(response);
            } else {
                reject(error);
            }
        });
    });
}

function diagnosticsOf(response: analyzer.AnalyzeResponse): readonly Diagnostic[] {
    return response.getDiagnosticsList().map(diagnostic => ({
        policy: diagnostic.getPolicyname(),
        urn: diagnostic.getUrn(),
        message: diagnostic.getMessage(),
        mandatory: diagnostic.getEnforcementlevel() === analyzer.EnforcementLevel.MANDATORY,
    }));
}

function analyzeRequest(resource: Resource): analyzer.AnalyzeRequest {
    const request = new analyzer.AnalyzeRequest();
    describe(request, resource);
    return request;
}

function stackResource(resource: Resource): analyzer.AnalyzerResource {
    const message = new analyzer.AnalyzerResource();
    describe(message, resource);
    message.setParent(resource.parent ?? "");
    message.setDependenciesList([...new Set(Object.values(resource.sources).flat())]);
    for (const [input, urns] of Object.entries(resource.sources)) {
        const dependencies = new analyzer.AnalyzerPropertyDependencies();
        dependencies.setUrnsList([...urns]);
        message.getPropertydependenciesMap().set(input, dependencies);
    }
    return message;
}

/** What both kinds of request say of a resource. */
function describe(message: analyzer.AnalyzeRequest | analyzer.AnalyzerResource, { urn, type, name, parent, provider, protect, inputs }: Resource): void {
    message.setUrn(urn);
    message.setType(type);
    message.setName(name);
    message.setProperties(Struct.fromJavaScript(inputs as Parameters<typeof Struct.fromJavaScript>[0]));
    const options = new analyzer.AnalyzerResourceOptions();
    options.setProtect(protect);
    options.setParent(parent ?? "");
    message.setOptions(options);
    if (provider !== undefined) {
        const of = new analyzer.AnalyzerProviderResource();
        of.setUrn(provider);
        of.setName(provider.split("::").at(-1) ?? "");
        of.setType(provider.split("::").at(-2) ?? "");
        of.setProperties(Struct.fromJavaScript({}));
        message.setProvider(of);
    }
}
