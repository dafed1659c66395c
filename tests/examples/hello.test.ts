// Files and a plan prove that the image's user, port, paths and times are those of the pod. They cannot
// prove that the image builds, or that a cluster admits and runs it: that takes a Docker engine.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { type AppConfig, parseConfig } from "../../components/config";
import { programConfig } from "../../components/config/load";
import { engineConfig, readStackFile } from "../../plan/stackFile";
import { all, inputsOf, planProjectStack, projectDirectory } from "../support/plan";

const example = join(projectDirectory, "examples", "hello");
const read = (file: string) => readFileSync(join(example, file), "utf8");

/** Arguments of each use of an instruction in the Dockerfile. */
function instructions(name: string): string[] {
    const text = read("Dockerfile").replace(/\\\n\s*/g, "");
    return [...text.matchAll(new RegExp(`^${name}\\s+(.+)$`, "gm"))].map(([, args = ""]) => args.trim());
}

/** Arguments of an instruction that must be there once. */
function instruction(name: string): string {
    const found = instructions(name);
    assert.equal(found.length, 1, `${name} in the Dockerfile`);
    return found[0] ?? "";
}

/** Value of a plain assignment in gunicorn.conf.py. */
function setting(name: string): string {
    const value = new RegExp(`^${name} = (.+)$`, "m").exec(read("gunicorn.conf.py"))?.[1];
    assert.ok(value !== undefined, `${name} in gunicorn.conf.py`);
    return value.replace(/^"(.*)"$/, "$1");
}

function helloApp(): AppConfig {
    const { app } = parseConfig(programConfig(engineConfig(readStackFile(projectDirectory, "hello").config)));
    assert.ok(app !== undefined, "Pulumi.hello.yaml has an app");
    return app;
}

interface Pod {
    readonly securityContext: { readonly runAsUser: number; readonly runAsGroup: number };
    readonly terminationGracePeriodSeconds: number;
    readonly containers: readonly {
        readonly image: string;
        readonly imagePullPolicy: string;
        readonly ports: readonly { readonly containerPort: number }[];
        readonly lifecycle: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
    }[];
}

/** The pod that the program would run for Pulumi.hello.yaml. */
async function plannedPod(): Promise<Pod> {
    const [deployment] = all(await planProjectStack("hello"), "kubernetes:apps/v1:Deployment");
    assert.ok(deployment !== undefined, "a Deployment is planned");
    return inputsOf<{ spec: { template: { spec: Pod } } }>(deployment).spec.template.spec;
}

describe("examples/hello", () => {
    describe("the Dockerfile", () => {
        it("starts from an image pinned to its patch version and its Debian release", () => {
            assert.match(instruction("FROM"), /^docker\.io\/library\/python:3\.\d+\.\d+-slim-[a-z]+$/);
        });

        it("runs as the pod's user: a number, not root", async () => {
            const { securityContext } = await plannedPod();
            assert.match(instruction("USER"), /^[1-9]\d*:[1-9]\d*$/);
            assert.equal(instruction("USER"), `${securityContext.runAsUser}:${securityContext.runAsGroup}`);
        });

        it("switches to that user after everything that is installed, and only then", () => {
            const order = [...read("Dockerfile").matchAll(/^(RUN|COPY|USER|CMD) /gm)].map(([, name]) => name);
            assert.deepEqual(order.slice(-2), ["USER", "CMD"]);
        });

        it("starts gunicorn without a shell, so that it gets SIGTERM itself", () => {
            assert.deepEqual(JSON.parse(instruction("CMD")), ["gunicorn", "--config", "gunicorn.conf.py", "app:app"]);
            assert.deepEqual(instructions("ENTRYPOINT"), []);
        });

        it("copies only files that .dockerignore lets through", () => {
            const allowed = [...read(".dockerignore").matchAll(/^!(.+)$/gm)].map(([, file]) => file);
            const copied = instructions("COPY").flatMap(args => args.split(/\s+/).slice(0, -1));
            assert.deepEqual([...allowed].sort(), [...copied].sort());
            assert.match(read(".dockerignore"), /^\*$/m);
        });

        it("installs exact versions, all that the app needs", () => {
            const packages = read("requirements.txt").split("\n").filter(line => line !== "" && !line.startsWith("#"));
            assert.deepEqual(packages.filter(line => !/^[a-z0-9-]+==\d+(\.\d+)+$/.test(line)), []);
            assert.deepEqual(packages.slice(0, 2).map(line => line.split("==")[0]), ["flask", "gunicorn"]);
        });
    });

    describe("Pulumi.hello.yaml", () => {
        it("names the port that the image exposes, gunicorn listens on and the pod opens", async () => {
            const { port } = helloApp();
            const { containers } = await plannedPod();
            assert.equal(instruction("EXPOSE"), String(port));
            assert.equal(setting("bind"), `0.0.0.0:${port}`);
            assert.deepEqual(containers.map(({ ports }) => ports.map(({ containerPort }) => containerPort)), [[port]]);
        });

        it("asks for health at paths that the app has", () => {
            const routes = [...read("app.py").matchAll(/^@app\.get\("([^"]+)"\)$/gm)].map(([, path]) => path);
            const { health } = helloApp();
            assert.deepEqual(routes, ["/", health.live, health.ready]);
        });

        it("gives open requests as long as gunicorn does, before the pod is killed", async () => {
            const { shutdown } = helloApp();
            const pod = await plannedPod();
            const preStop = pod.containers[0]?.lifecycle.preStop.sleep.seconds ?? Number.NaN;
            assert.equal(setting("graceful_timeout"), String(shutdown.drainSeconds));
            assert.ok(pod.terminationGracePeriodSeconds > preStop + shutdown.drainSeconds);
        });

        it("runs the image that the README builds, which is on the node and in no registry", async () => {
            const { image } = helloApp();
            const { containers } = await plannedPod();
            assert.deepEqual(containers.map(container => [container.image, container.imagePullPolicy]), [[image, "IfNotPresent"]]);
            assert.ok(read("README.md").includes(`minikube image build -t ${image} examples/hello`));
        });
    });

    describe("the app", () => {
        it("passes its own tests (skipped where python3 has no flask and gunicorn: see its README)", function () {
            this.timeout(120_000);
            const python = process.env["HELLO_PYTHON"] ?? "python3";
            const run = (...args: string[]) => spawnSync(python, ["-B", ...args], { encoding: "utf8" });
            if (run("-c", "import flask, gunicorn").status !== 0) {
                this.skip();
            }
            const { status, stderr } = run("-m", "unittest", "discover", "--start-directory", example);
            assert.equal(status, 0, stderr);
        });
    });
});
