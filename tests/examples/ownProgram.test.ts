// A packed package and Pulumi's own program runner prove that another program can import the components and what it then registers. They
// can't prove that npm gets the package from GitHub, or that a cloud takes what is registered.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { configure } from "../../components";
import { cloudAnswers } from "../../plan/mocks";
import { policySummary } from "../../plan/policy";
import { type RecordedResource, Recorder } from "../../plan/recorder";
import { engineConfig, readStackFile } from "../../plan/stackFile";
import { clusterConfigs, inputsOf, projectDirectory } from "../support/plan";
import { serveEngine } from "../support/engineServer";
import { type Packed, installPacked, readManifest, run } from "./packed";

const example = join(projectDirectory, "examples", "own-program");
const { kind: _, ...east } = clusterConfigs.eks;

/** Uses of the package that its types must refuse, each by what the compiler says. */
const mistakes = [
    { line: 'configure([{ kind: "existing", name: "rack", zoens: [] }]);', says: "'zoens' does not exist" },
    { line: 'configure([{ kind: "existing", name: "rack" }], { app: { name: "shop" } });', says: "Property 'image' is missing" },
    { line: 'const none: string = configure([{ kind: "existing", name: "rack" }]).app;', says: "Type 'undefined' is not assignable" },
    { line: 'const rack: string = configure([{ kind: "existing", name: "rack" }]).clusters[0];', says: 'kind: "existing"' },
    { line: 'new EksCluster("east", configure([{ kind: "existing", name: "rack" }]).clusters[0], { providers: [] });', says: "to parameter of type 'EksClusterArgs'" },
];

describe("examples/own-program", function () {
    this.timeout(300_000);
    let scratch: string;
    let program: string;
    let packed: Packed;

    before(async () => {
        scratch = mkdtempSync(join(tmpdir(), "holdfast-own-program-"));
        // Deep enough that no path of the example's leads back to the sources.
        program = join(scratch, "a", "b", "photos");
        cpSync(example, program, { recursive: true, filter: path => !path.includes("node_modules") });
        packed = await installPacked(scratch, program);
    });
    after(() => {
        rmSync(scratch, { recursive: true, force: true });
    });

    it("names the versions that the project is tested with", () => {
        const { dependencies, devDependencies } = readManifest(projectDirectory);
        const { holdfast, ...own } = readManifest(example).dependencies;
        assert.equal(holdfast, `file:../../${packed.filename}`);
        const all = { ...dependencies, ...devDependencies };
        const named = { ...own, ...readManifest(example).devDependencies };
        assert.deepEqual(named, Object.fromEntries(Object.keys(named).map(name => [name, all[name]])));
    });

    it("gets a package of compiled components and their types, and nothing else", () => {
        const files = packed.files.map(({ path }) => path);
        const strange = files.filter(file => !/^dist\/.+(\.d\.ts|\.js)$/.test(file));
        assert.deepEqual([...strange].sort(), ["README.md", "package.json"]);
        assert.ok(files.includes("dist/index.js") && files.includes("dist/index.d.ts"));
    });

    it("is type-checked against the package, whose types refuse mistakes", async () => {
        const wrong = ['import { EksCluster, configure } from "holdfast";', ...mistakes.map(({ line }) => line), "export { none, rack };"];
        writeFileSync(join(program, "wrong.ts"), wrong.join("\n"));
        writeFileSync(join(program, "tsconfig.both.json"), JSON.stringify({ extends: "./tsconfig.json", files: ["index.ts", "wrong.ts"] }));
        const compiler = join(program, "node_modules", "typescript", "bin", "tsc");
        const { stdout } = await run(process.execPath, [compiler, "--project", "tsconfig.both.json", "--listFiles", "--pretty", "false"], { cwd: program });
        const lines = stdout.split("\n");
        assert.ok(lines.some(line => line.endsWith("node_modules/holdfast/dist/index.d.ts")), stdout);
        assert.deepEqual(lines.filter(line => line.endsWith("components/index.ts")), []);
        const faults = lines.filter(line => /: error TS\d+:/.test(line));
        assert.equal(faults.length, mistakes.length, faults.join("\n"));
        mistakes.forEach(({ says }, index) => {
            const fault = faults[index] ?? "";
            assert.ok(fault.startsWith(`wrong.ts(${index + 2},`) && fault.includes(says), `${says}: ${fault}`);
        });
    });

    describe("run by Pulumi's own program runner", () => {
        let recorded: readonly RecordedResource[];
        let outputs: unknown;

        before(async () => {
            const { config } = readStackFile(program, "prod");
            assert.ok(Object.keys(config).every(key => key.startsWith("photos:")), "no config of Holdfast's");
            const clusters = configure([{ kind: "eks", ...east, zones: [...east.zones], admins: [...east.admins], apiAccess: [...east.apiAccess] }]).clusters;
            const recorder = new Recorder({ project: "photos", stack: "prod" }, cloudAnswers({ clusters, stackOutputs: () => undefined }));
            const engine = await serveEngine(recorder);
            try {
                const runner = join(program, "node_modules", "@pulumi", "pulumi", "cmd", "run");
                const addresses = [`--monitor=${engine.address}`, `--engine=${engine.address}`];
                const { code, stdout, stderr } = await run(
                    process.execPath,
                    [runner, ...addresses, "--project=photos", "--stack=prod", "--organization=acme", "--parallel=16", "."],
                    {
                        cwd: program,
                        env: {
                            ...process.env,
                            PULUMI_CONFIG: JSON.stringify(engineConfig(config)),
                            PULUMI_NODEJS_TYPESCRIPT: "true",
                            // The types are checked above.
                            PULUMI_NODEJS_TRANSPILE_ONLY: "true",
                        },
                    },
                );
                assert.equal(code, 0, [stdout, stderr, ...engine.messages].join("\n"));
            } finally {
                engine.close();
            }
            recorded = recorder.recorded;
            outputs = recorder.stackOutputs;
        });

        const named = (type: string, name: string): RecordedResource => {
            const found = recorded.find(resource => resource.type === type && resource.name === name);
            assert.ok(found !== undefined, `${type} ${name}; there are ${recorded.map(resource => `${resource.type} ${resource.name}`).join(", ")}`);
            return found;
        };

        it("makes the cluster and the app by Holdfast's components, each from its provider", () => {
            const cluster = named("holdfast:aws:EksCluster", "east");
            const app = named("holdfast:app:HaApp", "east-photos");
            assert.equal(named("aws:eks/cluster:Cluster", "east").parent, cluster.urn);
            assert.equal(named("aws:eks/cluster:Cluster", "east").provider, named("pulumi:providers:aws", "east-aws").urn);
            const objects = recorded.filter(({ parent }) => parent === app.urn);
            assert.ok(objects.length > 12);
            const ways = ["east-kubernetes", "east-kubernetes-keep"].map(name => named("pulumi:providers:kubernetes", name).urn);
            assert.deepEqual(objects.filter(({ provider }) => provider === null || !ways.includes(provider)).map(({ name }) => name), []);
            const autoscaler = named("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "east-photos-autoscaler");
            const { spec } = inputsOf<{ spec: { minReplicas: number; maxReplicas: number } }>(autoscaler);
            assert.deepEqual([spec.minReplicas, spec.maxReplicas], [3, 30]);
        });

        it("gives the app's pods, and no others, their own bucket", () => {
            const bucket = named("aws:s3/bucket:Bucket", "photos-uploads");
            assert.equal(bucket.protect, true);
            const name = inputsOf(bucket)["bucket"];
            assert.deepEqual(inputsOf(named("kubernetes:core/v1:ConfigMap", "east-photos-env"))["data"], { UPLOADS: name });
            const { policy } = inputsOf<{ policy: string }>(named("aws:iam/rolePolicy:RolePolicy", "photos-uploads"));
            assert.deepEqual((JSON.parse(policy) as { Statement: unknown }).Statement, [
                { Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: "${photos-uploads.arn}/*" },
            ]);
            const { namespace, serviceAccount } = inputsOf(named("aws:eks/podIdentityAssociation:PodIdentityAssociation", "photos-uploads"));
            const account = inputsOf<{ metadata: { name: string } }>(named("kubernetes:core/v1:ServiceAccount", "east-photos-account"));
            const home = inputsOf<{ metadata: { name: string } }>(named("kubernetes:core/v1:Namespace", "east-photos-namespace"));
            assert.deepEqual([namespace, serviceAccount], [home.metadata.name, account.metadata.name]);
        });

        it("starts no pod before the role is there", () => {
            const place = (type: string, name: string): number => recorded.indexOf(named(type, name));
            assert.ok(place("aws:eks/podIdentityAssociation:PodIdentityAssociation", "photos-uploads") < place("holdfast:app:HaApp", "east-photos"));
            const app = named("holdfast:app:HaApp", "east-photos");
            assert.ok(app.dependencies.includes(named("aws:eks/podIdentityAssociation:PodIdentityAssociation", "photos-uploads").urn));
        });

        it("breaks no rule of the policy pack, and shows no kubeconfig in the clear", () => {
            assert.deepEqual(policySummary({ resources: recorded, outputs, warnings: [] }).violations, []);
            assert.match(JSON.stringify(outputs), /"kubeconfig":\{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270"/);
            assert.match(JSON.stringify(outputs), /"url":"http:\/\//);
        });
    });

    it("is packed by its README as it is here", () => {
        const readme = readFileSync(join(example, "README.md"), "utf8");
        assert.ok(readme.includes("npm pack --ignore-scripts=false") && readme.includes(packed.filename));
    });
});
