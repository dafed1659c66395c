// What this can't prove: that the Pulumi CLI starts its runner the same way, or that real providers
// accept the inputs. It runs the very program runner that the CLI's Node host runs (ts-node with the
// tsconfig that Pulumi.yaml names), over gRPC, against a stand-in for the engine.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";

import { parseDocument } from "yaml";
import { readFileSync } from "node:fs";

import { cloudAnswers } from "../plan/mocks";
import { Recorder } from "../plan/recorder";
import { engineConfig } from "../plan/stackFile";
import { type EngineServer, serveEngine } from "./support/engineServer";
import { planProjectStack, projectDirectory } from "./support/plan";

const runner = require.resolve("@pulumi/pulumi/cmd/run");

interface ProjectFile {
    readonly main: string;
    readonly runtime: { readonly options: { readonly tsconfig: string } };
}

function readProject(): ProjectFile {
    return parseDocument(readFileSync(`${projectDirectory}/Pulumi.yaml`, "utf8")).toJS() as ProjectFile;
}

describe("Pulumi's own program runner", function () {
    this.timeout(60_000);
    let engine: EngineServer | undefined;
    afterEach(() => {
        engine?.close();
    });

    it("registers what the plan shows, for prod", async () => {
        const project = readProject();
        const planned = await planProjectStack("prod");
        const stage = { project: "holdfast", stack: "prod" };
        const recorder = new Recorder(stage, cloudAnswers({ clusters: planned.config.clusters, stackOutputs: () => undefined }));
        engine = await serveEngine(recorder);
        const child = spawn(
            process.execPath,
            [runner, `--monitor=${engine.address}`, `--engine=${engine.address}`, "--project=holdfast", "--stack=prod", "--organization=acme", "--parallel=16", project.main],
            {
                cwd: projectDirectory,
                stdio: ["ignore", "pipe", "pipe"],
                env: {
                    ...process.env,
                    PULUMI_CONFIG: JSON.stringify(engineConfig(planned.file.config)),
                    PULUMI_NODEJS_TYPESCRIPT: "true",
                    PULUMI_NODEJS_TSCONFIG_PATH: project.runtime.options.tsconfig,
                },
            },
        );
        const printed: Buffer[] = [];
        child.stdout.on("data", (chunk: Buffer) => printed.push(chunk));
        child.stderr.on("data", (chunk: Buffer) => printed.push(chunk));
        const [code] = (await once(child, "close")) as [number];
        assert.equal(code, 0, [Buffer.concat(printed).toString(), ...engine.messages].join("\n"));
        const urns = (resources: readonly { readonly urn: string }[]): string[] => resources.map(({ urn }) => urn).sort();
        assert.deepEqual(urns(recorder.recorded), urns(planned.recording.resources));
        assert.deepEqual(
            planned.recording.warnings.filter(warning => !engine?.messages.includes(warning)),
            [],
            "what the plan warns of, the engine is told too",
        );
    });
});
