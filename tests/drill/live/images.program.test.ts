// What this can't prove: that a disk keeps what fsync gave it, and that the pause role reaps a pod's orphans, which only process 1 of a pod gets.
import assert from "node:assert/strict";
import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type Socket, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";

import { standIn } from "../../../drill/live/images";
import { freePort, loopback } from "../../../drill/process/ports";
import { NotYet, until } from "../../../drill/process/until";
import { Unobtainable } from "../../../tools/cache";
import { obtainTool } from "../../../tools/command";
import { executor } from "../../../tools/execute";

const never = new AbortController().signal;

let binary: string;
let folder: string;
const running = new Set<Program>();

/** A stand-in that was started, and what it says. */
class Program {
    #said = "";
    readonly ended: Promise<number | NodeJS.Signals>;
    readonly #process: ChildProcessByStdio<null, Readable, Readable>;

    constructor(
        readonly port: number,
        env: Readonly<Record<string, string>>,
        command: readonly [string, ...string[]] = [binary],
    ) {
        const [program, ...args] = command;
        this.#process = spawn(program, args, { env: { PATH: process.env["PATH"], HOLDFAST_PORT: String(port), ...env }, stdio: ["ignore", "pipe", "pipe"] });
        const hear = (text: Buffer): void => {
            this.#said += text.toString();
        };
        this.#process.stdout.on("data", hear);
        this.#process.stderr.on("data", hear);
        this.ended = once(this.#process, "close").then(([code, signal]: (number | NodeJS.Signals)[]) => code ?? signal ?? 0);
        running.add(this);
    }

    kill(signal: NodeJS.Signals): void {
        this.#process.kill(signal);
    }

    says(text: string): Promise<string> {
        return until(`"${text}"`, () => Promise.resolve(this.#said.includes(text) ? this.#said : new NotYet(`it has said: ${this.#said}`)), { seconds: 20, everyMs: 5, signal: never });
    }

    ask(path: string, init: RequestInit = {}): Promise<Response> {
        return fetch(`http://${loopback}:${this.port}${path}`, init);
    }

    async text(path: string): Promise<string> {
        return (await this.ask(path)).text();
    }

    /** A request whose headers have not all arrived, on a connection that was taken: a later one has its answer. */
    async openRequest(path: string, method = "GET", headers = ""): Promise<OpenRequest> {
        const open = new OpenRequest(connect(this.port, loopback));
        await open.send(`${method} ${path} HTTP/1.1\r\nHost: shop\r\n${headers}`);
        await (await this.ask("/", { headers: { Connection: "close" } })).text();
        return open;
    }
}

class OpenRequest {
    /** All that comes back until the connection ends, however it ends. */
    readonly answer: Promise<string>;

    constructor(private readonly socket: Socket) {
        let received = "";
        socket.on("data", text => (received += text.toString()));
        this.answer = new Promise(resolve => {
            socket.once("close", () => {
                resolve(received);
            });
            // A connection that is cut off is an answer too.
            socket.on("error", () => undefined);
        });
    }

    send(text: string): Promise<void> {
        return new Promise(resolve => {
            this.socket.write(text, () => {
                resolve();
            });
        });
    }
}

async function start(env: Readonly<Record<string, string>>, command?: readonly [string, ...string[]]): Promise<Program> {
    const program = new Program(await freePort(), env, command);
    await program.says("listens on port");
    return program;
}

const app = { HOLDFAST_ROLE: "app", HOLDFAST_LIVE_PATH: "/healthz /startz", HOLDFAST_READY_PATH: "/readyz" };

describe("the program of the live drills' images", function () {
    this.timeout(30_000);

    before(async function () {
        // Go's own library may have to be compiled first.
        this.timeout(300_000);
        try {
            binary = await obtainTool(standIn, executor(never));
        } catch (error) {
            if (!(error instanceof Unobtainable)) {
                throw error;
            }
            console.log(`    skipped: ${error.message}`);
            this.skip();
        }
    });
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "holdfast-standin-"));
    });
    afterEach(async () => {
        for (const program of running) {
            program.kill("SIGKILL");
            await program.ended;
        }
        running.clear();
        rmSync(folder, { recursive: true });
    });

    it("greets, answers the paths of its probes, and says which pod it is", async () => {
        const program = await start({ ...app });
        const greeting = await program.ask("/");
        assert.deepEqual([greeting.status, await greeting.text()], [200, "Hello, World!"]);
        assert.match(greeting.headers.get("content-type") ?? "", /^text\/plain/);
        assert.equal(greeting.headers.get("x-served-by"), spawnSync("uname", ["-n"], { encoding: "utf8" }).stdout.trim());
        assert.deepEqual([await program.text("/healthz"), await program.text("/startz"), await program.text("/readyz")], ["ok", "ok", "ready"]);
        assert.equal((await program.ask("/other")).status, 404);
    });

    it("finishes open requests after SIGTERM, is not ready for them, takes no new ones, and ends well", async () => {
        const program = await start(app);
        // Its connection stays open for a next request: that must not hold up the end.
        assert.equal(await program.text("/"), "Hello, World!");
        const requests = [await program.openRequest("/"), await program.openRequest("/readyz"), await program.openRequest("/healthz")];
        program.kill("SIGTERM");
        await program.says("stops listening");
        await until("refusal", async () => program.ask("/").then(() => new NotYet("it answers"), () => true), { seconds: 5, everyMs: 5, signal: never });
        await Promise.all(requests.map(request => request.send("\r\n")));
        const answers = await Promise.all(requests.map(({ answer }) => answer));
        assert.deepEqual(answers.map(answer => [answer.split("\r\n")[0], answer.split("\r\n").at(-1)]), [
            ["HTTP/1.1 200 OK", "Hello, World!"],
            ["HTTP/1.1 503 Service Unavailable", "not ready"],
            ["HTTP/1.1 200 OK", "ok"],
        ]);
        assert.equal(await program.ended, 0);
        assert.doesNotMatch(await program.says("has ended"), /cuts off/);
    });

    it("cuts off what is still open after the drain time, and ends well", async () => {
        const program = await start({ ...app, HOLDFAST_DRAIN_SECONDS: "0.3" });
        const request = await program.openRequest("/");
        program.kill("SIGTERM");
        assert.equal(await request.answer, "");
        assert.equal(await program.ended, 0);
        await program.says("cuts off what is open after 300ms");
    });

    it("ends as nginx does where it is told to: at once at SIGTERM, after open requests at SIGQUIT", async () => {
        const signals = ["SIGTERM", "SIGQUIT"] as const;
        const answers = signals.map(async signal => {
            const program = await start({ ...app, HOLDFAST_ABRUPT: "1" });
            const request = await program.openRequest("/");
            program.kill(signal);
            await program.says("ends");
            await request.send("\r\n");
            const answer = await request.answer;
            assert.equal(await program.ended, 0);
            return answer.split("\r\n").at(-1);
        });
        assert.deepEqual(await Promise.all(answers), ["", "Hello, World!"]);
    });

    it("listens only after the time that a slow start takes", async () => {
        const began = performance.now();
        const program = new Program(await freePort(), { ...app, HOLDFAST_START_SECONDS: "1.5" });
        await program.says("begins");
        await assert.rejects(program.ask("/healthz"));
        await program.says("listens");
        assert.ok(performance.now() - began >= 1500);
        assert.equal(await program.text("/healthz"), "ok");
    });

    it("ends well during a slow start, as a sandbox, without a port, and as a task", async () => {
        const port = await freePort();
        const slow = new Program(port, { ...app, HOLDFAST_START_SECONDS: "600" });
        const portless = new Program(port, { ...app, HOLDFAST_PORT: "" });
        await Promise.all([slow.says("begins"), portless.says("no port")]);
        slow.kill("SIGTERM");
        portless.kill("SIGTERM");
        const pause = new Program(port, { HOLDFAST_ROLE: "pause" });
        await pause.says("pause begins");
        pause.kill("SIGTERM");
        const task = new Program(port, { HOLDFAST_ROLE: "task" });
        assert.deepEqual(await Promise.all([slow, portless, pause, task].map(({ ended }) => ended)), [0, 0, 0, 0]);
    });

    it("says what is wrong with its environment", async () => {
        const port = await freePort();
        for (const [env, complaint] of [
            [{}, 'HOLDFAST_ROLE is ""; set it to pause'],
            [{ ...app, HOLDFAST_START_SECONDS: "soon" }, 'HOLDFAST_START_SECONDS is "soon"; set it to a number'],
            [{ HOLDFAST_ROLE: "store" }, "a store needs HOLDFAST_DATA"],
            [{ HOLDFAST_ROLE: "store", HOLDFAST_DATA: join(folder, "none") }, "can't use HOLDFAST_DATA: open"],
        ] as const) {
            const program = new Program(port, env);
            await program.says(complaint);
            assert.equal(await program.ended, 1);
        }
    });

    describe("as a store", () => {
        const store = (command?: readonly [string, ...string[]]): Promise<Program> => start({ HOLDFAST_ROLE: "store", HOLDFAST_DATA: folder }, command);
        const put = async (program: Program, id: string, body: string): Promise<number> => (await program.ask(`/writes/${id}`, { method: "PUT", body })).status;
        const log = (): string => readFileSync(join(folder, "writes.log"), "utf8");

        it("has a write in its file when it says so, and gives it back as it was", async () => {
            const program = await store();
            const values = { "a.1": "one", "b_2": 'two\nlines, "quotes" and ü', "c~3": "", "d-4": "x".repeat(65_536) };
            for (const [id, value] of Object.entries(values)) {
                assert.equal(await put(program, id, value), 201);
                assert.match(log(), new RegExp(`^[0-9a-f]{8} ${id} ".*"\n$`, "m"));
                assert.equal(await program.text(`/writes/${id}`), value);
            }
            assert.equal(await put(program, "a.1", "uno"), 201);
            assert.equal(await program.text("/writes/a.1"), "uno");
            assert.equal(await program.text("/writes"), "a.1\nb_2\nc~3\nd-4\n");
        });

        it("refuses what it can't keep, and has no write that it was not given", async () => {
            const program = await store();
            assert.equal(await program.text("/writes"), "");
            assert.equal((await program.ask("/writes/none")).status, 404);
            assert.deepEqual([await put(program, "a%20b", "1"), await put(program, "a".repeat(129), "1"), await put(program, "a", "x".repeat(65_537))], [400, 400, 413]);
            assert.equal(log(), "");
        });

        it("has every acknowledged write after SIGKILL, with its last value", async () => {
            const acknowledged = new Map<string, string>();
            for (const round of [1, 2, 3]) {
                const program = await store();
                const writers = Array.from({ length: 8 }, async (_, writer) => {
                    for (let number = 0; ; number++) {
                        const [id, value] = [`${writer}-${number % 50}`, `${round}/${number}`];
                        // The write that SIGKILL meets may be there or not: its old value is no longer a promise.
                        acknowledged.delete(id);
                        if ((await put(program, id, value).catch(() => undefined)) !== 201) {
                            return;
                        }
                        acknowledged.set(id, value);
                    }
                });
                await until("a hundred writes", () => Promise.resolve(acknowledged.size >= 100 ? true : new NotYet(`${acknowledged.size}`)), { seconds: 20, everyMs: 5, signal: never });
                program.kill("SIGKILL");
                await Promise.all(writers);
                assert.equal(await program.ended, "SIGKILL");
                const again = await store();
                for (const [id, value] of acknowledged) {
                    assert.equal(await again.text(`/writes/${id}`), value, id);
                }
                again.kill("SIGTERM");
                assert.equal(await again.ended, 0);
            }
        });

        it("drops a torn end of its file, and goes on behind what is whole", async () => {
            const first = await store();
            await put(first, "whole", "1");
            first.kill("SIGKILL");
            await first.ended;
            const whole = log();
            for (const torn of [whole.slice(0, -1), whole.replace("whole", "other"), "\0\0\0", `${whole.slice(0, 5)}\n${whole}`]) {
                appendFileSync(join(folder, "writes.log"), torn);
                const program = await store();
                await program.says(`drops ${torn.length} bytes`);
                assert.equal(await program.text("/writes"), "whole\n");
                assert.equal(log(), whole);
                program.kill("SIGKILL");
                await program.ended;
            }
            const last = await store();
            assert.equal(await put(last, "next", "2"), 201);
            assert.ok(log().startsWith(whole) && log().endsWith(' next "2"\n'));
        });

        it("acknowledges nothing once the disk does not take it, and ends", async function () {
            if (process.platform !== "linux") {
                this.skip();
            }
            // A file may have 1000 bytes here: the second write does not fit. SIGXFSZ is ignored, so that write() fails as it does on a full disk.
            const program = await store(["sh", "-c", 'trap "" XFSZ; exec prlimit --fsize=1000 "$0"', binary]);
            assert.equal(await put(program, "small", "1"), 201);
            await assert.rejects(put(program, "large", "x".repeat(2000)));
            await program.says("can't write");
            assert.equal(await program.ended, 1);
            assert.deepEqual([await (await store()).text("/writes")], ["small\n"]);
        });

        it("finishes an open write after SIGTERM", async () => {
            const program = await store();
            const open = await program.openRequest("/writes/late", "PUT", "Content-Length: 2\r\n");
            program.kill("SIGTERM");
            await program.says("stops listening");
            await open.send("\r\nhi");
            assert.match(await open.answer, /^HTTP\/1\.1 201 /);
            assert.equal(await program.ended, 0);
            assert.match(log(), /late "hi"\n$/);
        });
    });
});
