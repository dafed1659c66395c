import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";

import { checkov } from "./checkov";
import { type Execute, inTurns, lastLines } from "../tools/execute";
import { cacheRoot, timed } from "../tools/cache";
import { exitCodes, runCommand, say } from "../tools/command";
import { kubeScore } from "./kubeScore";
import { kubeconform } from "./kubeconform";
import { ManifestError, planManifests, readManifest } from "./manifests";
import { NoVerdict, exitCodeOf, renderReport } from "./report";
import { readDefinitions, schemaOf, schemaPath, typeNames } from "./schemas";
import { type Tools, obtainTools } from "./tools";
import { type Judge, type Manifest, type Verdict, unjudged } from "./verdict";
import { versions } from "./versions";
import { WaiversError, parseWaivers, staleWaivers, waive } from "./waivers";

const help = `Lets public judges look at the Kubernetes objects that stacks prod, dev and hello would make.

  npm run judges                    plan the stacks offline and judge their manifests
  npm run judges -- FILE...         judge these manifests instead, such as out/mine/manifests/east.yaml

The judges are kube-score, kubeconform (with strict schemas made of Kubernetes' own API) and checkov.
The first run installs them from Go modules and PyPI, which needs Go, Python 3 and the network; later
ones need neither Go nor the network. Findings that stand on purpose are in judges/waivers.yaml, with the reason.
A waiver that covers nothing any more is a finding too, unless FILEs are judged.

Options
  --help   this text

Environment
  HOLDFAST_CACHE   where judges are kept, in judges/<name>-<version>
                   (default: holdfast/ in XDG_CACHE_HOME, or else in ~/.cache)

Exit code 0 without findings; 1 with findings, with nothing that could be judged, or where a judge gives
no verdict; 2 where a judge can't be had.
`;

const stacks = ["prod", "dev", "hello"];

const waiversFile = join("judges", "waivers.yaml");

/** Runs the command. Resolves to its exit code. */
async function run(args: readonly string[], execute: Execute): Promise<number> {
    const { values, positionals: files } = parseArgs({ args: [...args], options: { help: { type: "boolean", default: false } }, allowPositionals: true });
    if (values.help) {
        process.stdout.write(help);
        return exitCodes.fine;
    }
    const started = performance.now();
    const waivers = parseWaivers(readFileSync(join(__dirname, "waivers.yaml"), "utf8"), waiversFile);
    const scratch = mkdtempSync(join(tmpdir(), "holdfast-judges-"));
    try {
        const manifests =
            files.length > 0
                ? files.map(file => readManifest(file, file))
                : await timed(say, `planning stacks ${stacks.join(", ")}`, () => planManifests(stacks, scratch, execute, availableParallelism()));
        const cache = join(cacheRoot(process.env), "judges");
        const tools = await obtainTools(cache, scratch, execute, say);
        const schemas = join(scratch, "schemas");
        writeSchemas(schemas, tools, manifests);
        const judges = [kubeScore(tools.kubeScore), kubeconform(tools.kubeconform, schemas), checkov(tools.checkovPython)];
        const doing = `judging ${manifests.map(({ where }) => where).join(", ")}`;
        const verdicts = await timed(say, doing, () => judgeAll(judges, manifests, { cache, scratch, execute }));
        const findings = judges.flatMap(({ name }) => verdicts.get(name)?.findings ?? []);
        const judgement = waive(findings, waivers);
        const stale = files.length > 0 ? [] : staleWaivers(findings, waivers, waiversFile);
        const all = { ...judgement, open: [...judgement.open, ...stale] };
        const judged = new Map([...verdicts].map(([name, verdict]) => [name, verdict.judged]));
        const seconds = (performance.now() - started) / 1000;
        process.stdout.write(renderReport({ judges, manifests, judged, judgement: all, kubernetes: versions.kubernetes, seconds }));
        return exitCodeOf(all);
    } finally {
        rmSync(scratch, { recursive: true, force: true });
    }
}

/** Writes the schemas of the types that the manifests use. */
function writeSchemas(folder: string, { swagger }: Tools, manifests: readonly Manifest[]): void {
    const definitions = readDefinitions(readFileSync(swagger, "utf8"));
    const names = typeNames(definitions);
    mkdirSync(folder);
    for (const path of new Set(manifests.flatMap(({ objects }) => objects.map(({ apiVersion, kind }) => schemaPath(apiVersion, kind))))) {
        const name = names.get(path);
        if (name !== undefined) {
            mkdirSync(dirname(join(folder, path)), { recursive: true });
            writeFileSync(join(folder, path), JSON.stringify(schemaOf(definitions, name)));
        }
    }
}

/** Where and how judges run. */
interface Court {
    readonly cache: string;
    /** Their home and working directory. */
    readonly scratch: string;
    readonly execute: Execute;
}

/**
 * Every judge on every manifest by itself: checkov and kube-score relate objects to each other, and
 * one cluster's NetworkPolicy must not count for another's pods.
 */
async function judgeAll(judges: readonly Judge[], manifests: readonly Manifest[], court: Court): Promise<ReadonlyMap<string, Verdict>> {
    const pairs = judges.flatMap(judge => manifests.map(manifest => ({ judge, manifest })));
    const verdicts = await inTurns(
        pairs.map(({ judge, manifest }) => async () => ({ judge, verdict: await judgeOne(judge, manifest, court) })),
        availableParallelism(),
    );
    return new Map(
        judges.map(({ name }): [string, Verdict] => {
            const own = verdicts.filter(({ judge }) => judge.name === name).map(({ verdict }) => verdict);
            return [name, { judged: own.flatMap(({ judged }) => judged), findings: own.flatMap(({ findings }) => findings) }];
        }),
    );
}

async function judgeOne(judge: Judge, manifest: Manifest, { cache, scratch, execute }: Court): Promise<Verdict> {
    const [command, ...args] = judge.command(manifest.path);
    // Nothing that the user's machine has set changes a verdict; and checkov asks no one for a newer one of itself.
    const env = { PATH: process.env["PATH"], HOME: scratch, TMPDIR: scratch, LC_ALL: "C.UTF-8", CKV_SKIP_PACKAGE_UPDATE_CHECK: "true" };
    const outcome = await execute({ command, args, cwd: scratch, env });
    try {
        const verdict = judge.read(outcome, manifest);
        return { ...verdict, findings: [...verdict.findings, ...unjudged(judge, manifest, verdict)] };
    } catch (error) {
        const how = `exit code ${outcome.code}, ${error instanceof SyntaxError ? "no JSON" : "JSON that this version of it does not print"}`;
        const fix = `remove ${join(cache, `${judge.name}-${judge.version}`)} for a fresh install`;
        const what = `${judge.name} ${judge.version} gave no verdict on ${manifest.where}`;
        throw new NoVerdict(`${what} (${how}); ${fix}. It said:\n${lastLines(outcome)}`);
    }
}

runCommand({ run, userErrors: [ManifestError, WaiversError, NoVerdict] });
