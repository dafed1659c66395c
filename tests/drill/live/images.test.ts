// What this can't prove: that containerd takes the archives, and that a kubelet finds the images by these names; the live drills do.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

import { parseAllDocuments } from "yaml";
import { z } from "zod";

import type { KubeObject } from "../../../drill/api";
import { type ImageSpec, imagesOf, nextRelease, pause, slowImage, standIn, storedName, writeImages } from "../../../drill/live/images";
import { Unplayable } from "../../../drill/live/unplayable";
import { naiveSubject, stackSubjects } from "../../../drill/stage";
import { exitCodeAfter } from "../../../tools/command";
import { executor } from "../../../tools/execute";
import { programRecipe, sourceVersion } from "../../../tools/goProgram";
import { planProjectStack, projectDirectory } from "../../support/plan";

const execute = executor(new AbortController().signal);

const naive = naiveSubject(readFileSync(join(projectDirectory, "tests", "drill", "naive.yaml"), "utf8"));

/** An app with nothing but a port. */
const plain: ImageSpec = { ...pause, image: "shop:1", role: "app", port: 8080 };

/** Objects as YAML says them. */
function parsed(yaml: string): readonly KubeObject[] {
    return parseAllDocuments(yaml).map(document => document.toJS() as KubeObject);
}

/** A Deployment with one container, whose fields are given as YAML, indented by none. */
function deployment(name: string, container: string): readonly KubeObject[] {
    const indented = container.trim().replaceAll("\n", "\n          ");
    return parsed(`
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  template:
    spec:
      containers:
        - name: main
          ${indented}
`);
}

/** The one image that objects need. */
function only(objects: readonly KubeObject[]): ImageSpec {
    const [spec, ...others] = imagesOf(objects);
    assert.ok(spec !== undefined && others.length === 0, `${1 + others.length} images`);
    return spec;
}

/** Lines of the error that images of objects are refused with. */
function refusal(objects: readonly KubeObject[]): readonly string[] {
    try {
        imagesOf(objects);
    } catch (error) {
        assert.ok(error instanceof Unplayable);
        // The stack is at fault, not the machine: nobody may pass it over.
        assert.equal(exitCodeAfter(error), 1);
        return error.message.split("\n").slice(1);
    }
    throw new Error("nothing is refused");
}

describe("the images of the live drills", () => {
    it("are those of the stack's pods: an app with its probes, and a store on its claim, under the command that the manifest has", async () => {
        const subjects = stackSubjects(await planProjectStack("prod"));
        assert.ok(subjects.length > 1);
        for (const { objects } of subjects) {
            assert.deepEqual(imagesOf(objects), [
                { ...plain, image: "ghcr.io/stefanprodan/podinfo:6.9.2", port: 9898, livePaths: ["/healthz"], readyPath: "/readyz" },
                { ...plain, image: "docker.io/library/redis:8.2.1", role: "store", port: 6379, dataFolder: "/data", commands: ["/usr/local/sbin/redis-server"] },
            ]);
        }
    });

    it("are those of the naive stack, whose nginx ends as nginx does", () => {
        assert.deepEqual(imagesOf(naive.objects), [
            { ...plain, image: "nginx:1.27", port: 80, habits: { abrupt: true, stopSignal: "SIGQUIT" } },
            { ...plain, image: "mysql:8.4", role: "store", port: 3306, dataFolder: "/var/lib/mysql" },
        ]);
    });

    it("have the liveness and the startup path, and the port that a probe names where the container names none", () => {
        const spec = only(deployment("web", "image: web:1\nlivenessProbe: { httpGet: { path: /live?deep=1, port: 81 } }\nstartupProbe: { httpGet: { path: /started, port: 81 } }\nreadinessProbe: { httpGet: { port: 81 } }"));
        assert.deepEqual(spec, { ...plain, image: "web:1", port: 81, livePaths: ["/live", "/started"], readyPath: "/" });
    });

    it("have their program where the manifest's command is looked for", () => {
        const commands = (container: string): readonly string[] => only(deployment("web", `image: web:1\n${container}`)).commands;
        assert.deepEqual(commands("args: [serve]"), []);
        assert.deepEqual(commands("command: [/bin/sh, -c, serve]"), ["/bin/sh"]);
        assert.deepEqual(commands("command: [bin/serve]\nworkingDir: /app"), ["/app/bin/serve"]);
        assert.deepEqual(commands("command: [serve]\nenv: [{ name: PATH, value: '/opt/bin:/bin' }]"), ["/opt/bin/serve"]);
    });

    it("end by themselves in jobs and as init containers", () => {
        const container = "containers: [{ name: main, image: 'job:1', ports: [{ containerPort: 1 }], readinessProbe: { exec: { command: ['true'] } } }]";
        const job = parsed(`{ apiVersion: batch/v1, kind: CronJob, metadata: { name: nightly }, spec: { jobTemplate: { spec: { template: { spec: { ${container} } } } } } }`);
        assert.deepEqual(only(job), { ...plain, image: "job:1", role: "task", port: undefined });
        const pod = parsed("{ apiVersion: v1, kind: Pod, metadata: { name: web }, spec: { initContainers: [{ name: a, image: 'a:1' }, { name: b, image: 'b:1', restartPolicy: Always }], containers: [] } }");
        assert.deepEqual(imagesOf(pod).map(({ role }) => role), ["task", "app"]);
    });

    it("are stores in a StatefulSet only where they hold its data", () => {
        const claims = "volumeClaimTemplates: [{ metadata: { name: data } }]";
        const set = parsed(`{ apiVersion: apps/v1, kind: StatefulSet, metadata: { name: db }, spec: { template: { spec: { containers: [{ name: db, image: 'db:1' }, { name: metrics, image: 'metrics:1' }] } }, ${claims} } }`);
        assert.deepEqual(imagesOf(set).map(({ role, dataFolder }) => [role, dataFolder]), [["store", "/data"], ["app", undefined]]);
    });

    it("are one where containers share an image, with every command, and are refused where they need it to differ", () => {
        const twice = [...deployment("web", "image: web:1\nports: [{ containerPort: 80 }]\ncommand: [/a]"), ...deployment("other", "image: docker.io/library/web:1\nports: [{ containerPort: 80 }]\ncommand: [/b]")];
        assert.deepEqual(only(twice), { ...plain, image: "web:1", port: 80, commands: ["/a", "/b"] });
        const [line = "", ...others] = refusal([...twice, ...deployment("worker", "image: web:1\nports: [{ containerPort: 81 }]")]);
        assert.deepEqual(others, []);
        assert.match(line, /Deployment shop\/web, container main and Deployment shop\/worker, container main share the image web:1, .*"port":80.*"port":81.* another tag$/);
    });

    it("are refused together where no stand-in can play them", () => {
        const lines = refusal([
            ...deployment("pulled", "image: web"),
            ...deployment("always", "image: web:2\nimagePullPolicy: Always"),
            ...deployment("exec", "image: web:3\nlivenessProbe: { exec: { command: [check] } }"),
            ...deployment("tls", "image: web:4\nlivenessProbe: { httpGet: { port: 443, scheme: HTTPS } }"),
            ...deployment("port", "image: web:5\nports: [{ containerPort: 80 }, { containerPort: 81, name: admin }]\nlivenessProbe: { tcpSocket: { port: admin } }"),
        ]);
        assert.deepEqual(lines.map(line => line.slice(0, line.indexOf(","))), ["pulled", "always", "exec", "tls", "port"].map(name => `  Deployment shop/${name}`));
        assert.match(lines[0] ?? "", /web would be pulled at each start, .* a tag other than latest/);
        assert.match(lines[2] ?? "", /a probe runs a command/);
        assert.match(lines[4] ?? "", /asks port admin, but .* first port alone \(80\)/);
    });

    it("have names as containerd completes them", () => {
        const digest = `sha256:${"ab".repeat(32)}`;
        const names = {
            "nginx": "docker.io/library/nginx:latest",
            "nginx:1.27": "docker.io/library/nginx:1.27",
            "team/shop:1": "docker.io/team/shop:1",
            "docker.io/nginx:1": "docker.io/library/nginx:1",
            "index.docker.io/library/nginx:1": "docker.io/library/nginx:1",
            "localhost/hello:1.0.0": "localhost/hello:1.0.0",
            "registry:5000/shop": "registry:5000/shop:latest",
            "ghcr.io/a/b:6.9.2": "ghcr.io/a/b:6.9.2",
            [`ghcr.io/a/b:6.9.2@${digest}`]: `ghcr.io/a/b@${digest}`,
            [`nginx@${digest}`]: `docker.io/library/nginx@${digest}`,
        };
        assert.deepEqual(Object.keys(names).map(storedName), Object.values(names));
    });

    it("come slow and as a next release, under other tags", () => {
        assert.deepEqual(slowImage(plain, 40), { ...plain, image: "shop:1-slow", startSeconds: 40 });
        assert.deepEqual(nextRelease(plain), { ...plain, image: "shop:1-next" });
    });

    it("have a program whose version is its source's", () => {
        const { version, from } = programRecipe(standIn, execute);
        assert.ok(version.startsWith(`${sourceVersion(join(projectDirectory, "tools", "standin"))}-`));
        assert.equal(from, "its source here");
        const folder = mkdtempSync(join(tmpdir(), "holdfast-source-"));
        try {
            const written = [["a.go", "1"], ["a.go", "2"], ["b.go", "2"]].map(([file = "", content = ""]) => {
                writeFileSync(join(folder, file), content);
                return sourceVersion(folder);
            });
            assert.equal(new Set(written).size, 3);
            assert.match(written[0] ?? "", /^[0-9a-f]{12}$/);
        } finally {
            rmSync(folder, { recursive: true });
        }
    });
});

describe("an archive of images", () => {
    const manifestSchema = z.array(z.object({ Config: z.string(), RepoTags: z.array(z.string()), Layers: z.array(z.string()) }));
    const configSchema = z.object({ architecture: z.string(), os: z.string(), config: z.record(z.string(), z.unknown()), rootfs: z.object({ type: z.string(), diff_ids: z.array(z.string()) }) });
    let folder: string;
    let file: string;
    const specs: readonly ImageSpec[] = [
        pause,
        { ...plain, livePaths: ["/live", "/started"], readyPath: "/ready", habits: { abrupt: true, stopSignal: "SIGQUIT" }, startSeconds: 1.5 },
        { ...plain, image: "db:1", role: "store", dataFolder: "/srv/data", commands: ["/usr/bin/db"] },
    ];

    const tar = async (...args: string[]): Promise<string> => {
        const { code, stdout, stderr } = await execute({ command: "tar", args, cwd: folder, env: process.env });
        assert.equal(code, 0, stderr);
        return stdout;
    };
    const unpacked = (name: string): Buffer => readFileSync(join(folder, "unpacked", name));
    const manifest = (): z.output<typeof manifestSchema> => manifestSchema.parse(JSON.parse(unpacked("manifest.json").toString()));
    const configs = (): z.output<typeof configSchema>[] => manifest().map(({ Config }) => configSchema.parse(JSON.parse(unpacked(Config).toString())));
    /** Members of a layer: kind, mode and owner, then the path. */
    const members = async (layer: string): Promise<readonly string[]> => {
        writeFileSync(join(folder, "layer"), gunzipSync(unpacked(layer)));
        return (await tar("-tvf", "layer")).trimEnd().split("\n").map(line => line.replace(/^(\S+ \S+) .*? (\.\/.*)$/, "$1 $2"));
    };

    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "holdfast-images-"));
        file = join(folder, "images.tar");
        writeFileSync(join(folder, "standin"), "the program", { mode: 0o600 });
        await writeImages({ specs, binary: join(folder, "standin"), file, execute });
        await execute({ command: "mkdir", args: ["unpacked"], cwd: folder, env: process.env });
        await tar("-xf", file, "-C", "unpacked");
    });
    after(() => {
        rmSync(folder, { recursive: true });
    });

    it("has each image under the name that containerd looks it up by, and the program once", () => {
        assert.deepEqual(manifest().map(({ RepoTags }) => RepoTags), [["holdfast.local/pause:1"], ["docker.io/library/shop:1"], ["docker.io/library/db:1"]]);
        assert.equal(new Set(manifest().map(({ Layers }) => Layers[0])).size, 1);
    });

    it("has configurations that say what to run, and as what", () => {
        const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        const common = { Entrypoint: ["/standin"], WorkingDir: "/" };
        const labels = (name: string): object => ({ Labels: { "org.opencontainers.image.ref.name": name } });
        assert.deepEqual(configs().map(({ os, config }) => [os, config]), [
            ["linux", { ...common, ...labels("holdfast.local/pause:1"), Env: [path, "HOLDFAST_ROLE=pause"] }],
            [
                "linux",
                {
                    ...common,
                    ...labels("docker.io/library/shop:1"),
                    Env: [path, "HOLDFAST_ROLE=app", "HOLDFAST_PORT=8080", "HOLDFAST_LIVE_PATH=/live /started", "HOLDFAST_READY_PATH=/ready", "HOLDFAST_START_SECONDS=1.5", "HOLDFAST_ABRUPT=1"],
                    StopSignal: "SIGQUIT",
                },
            ],
            ["linux", { ...common, ...labels("docker.io/library/db:1"), Env: [path, "HOLDFAST_ROLE=store", "HOLDFAST_PORT=8080", "HOLDFAST_DATA=/srv/data"] }],
        ]);
    });

    it("names its layers by what they unpack to", () => {
        for (const [index, { rootfs }] of configs().entries()) {
            const layers = manifest()[index]?.Layers ?? [];
            assert.equal(layers.length, 2);
            assert.deepEqual(rootfs, { type: "layers", diff_ids: layers.map(layer => `sha256:${createHash("sha256").update(gunzipSync(unpacked(layer))).digest("hex")}`) });
        }
    });

    it("has a root that any user can enter, a program that any user can run, and no shell", async () => {
        const [base = "", own = ""] = manifest()[2]?.Layers ?? [];
        const directory = "drwxr-xr-x 0/0";
        const anyone = "drwxrwxrwt 0/0";
        assert.deepEqual(await members(base), [`${directory} ./`, `${directory} ./dev/`, `${directory} ./etc/`, `${directory} ./proc/`, "-rwxr-xr-x 0/0 ./standin", `${directory} ./sys/`, `${anyone} ./tmp/`]);
        assert.deepEqual(await members(own), [`${directory} ./`, `${directory} ./srv/`, `${anyone} ./srv/data/`, `${directory} ./usr/`, `${directory} ./usr/bin/`, "lrwxrwxrwx 0/0 ./usr/bin/db -> /standin"]);
    });

    it("is the same, byte for byte, when it is written again, whatever the umask", async () => {
        const before = process.umask(0o077);
        try {
            await writeImages({ specs, binary: join(folder, "standin"), file: join(folder, "again.tar"), execute });
        } finally {
            process.umask(before);
        }
        assert.ok(readFileSync(file).equals(readFileSync(join(folder, "again.tar"))));
    });
});
