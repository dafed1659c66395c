// What this can't prove: that a version is free of known faults; `npm audit` in continuous integration asks
// for that, where the registry answers. It proves that what was tested is what others get.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { parse } from "yaml";

import { charts } from "../components/charts";
import { stacksIn } from "../plan/stackFile";
import { projectDirectory } from "./support/plan";

const read = (file: string): string => readFileSync(`${projectDirectory}/${file}`, "utf8");

interface Package {
    readonly version?: string;
    readonly resolved?: string;
    readonly integrity?: string;
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly devDependencies?: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(read("package.json")) as Package;
const { packages } = JSON.parse(read("package-lock.json")) as { readonly packages: Readonly<Record<string, Package>> };
const exact = /^\d+\.\d+\.\d+$/;
/** Some projects write a v before the versions of their charts. */
const exactChart = /^v?\d+\.\d+\.\d+$/;

/** An image that always means the same: a tag that is a version, or a digest. */
const pinnedImage = /(:v?\d[\w.-]*|@sha256:[0-9a-f]{64})$/;

describe("the supply chain", () => {
    it("pins every direct dependency to one version, the one in the lockfile", () => {
        const direct = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
        assert.ok(direct.length > 10);
        for (const [name, version] of direct) {
            assert.match(version, exact, name);
            assert.equal(packages[`node_modules/${name}`]?.version, version, name);
        }
        const { dependencies, devDependencies } = packages[""] ?? {};
        assert.deepEqual({ ...dependencies, ...devDependencies }, { ...manifest.dependencies, ...manifest.devDependencies });
    });

    it("has a checksum for every package, and none from elsewhere than the registry", () => {
        const installed = Object.entries(packages).filter(([path]) => path !== "");
        assert.ok(installed.length > 100);
        assert.deepEqual(installed.filter(([, { integrity }]) => !(integrity ?? "").startsWith("sha512-")).map(([path]) => path), []);
        assert.deepEqual(installed.filter(([, { resolved }]) => resolved !== undefined && !resolved.startsWith("https://registry.npmjs.org/")).map(([path]) => path), []);
    });

    it("runs no package's install scripts", () => {
        assert.match(read(".npmrc"), /^ignore-scripts=true$/m);
    });

    it("pins every image in the project's stacks and in the sample's Dockerfile", () => {
        const images = [
            ...stacksIn(projectDirectory).flatMap(stack => imagesIn(parse(read(`Pulumi.${stack}.yaml`)))),
            ...[...read("examples/hello/Dockerfile").matchAll(/^FROM (\S+)/gm)].map(([, image]) => image ?? ""),
        ];
        assert.ok(images.length > 5);
        assert.deepEqual(images.filter(image => !pinnedImage.test(image)), []);
    });

    it("pins every chart and every package of the sample app", () => {
        assert.deepEqual(Object.values(charts).filter(({ version }) => !exactChart.test(version)), []);
        const requirements = read("examples/hello/requirements.txt").split("\n").filter(line => /^\w/.test(line));
        assert.ok(requirements.length > 2);
        assert.deepEqual(requirements.filter(line => !/^[\w-]+==\d+(\.\d+)+$/.test(line)), []);
    });
});

/** Every value under a key `image`, at any depth. */
function imagesIn(value: unknown): readonly string[] {
    if (typeof value !== "object" || value === null) {
        return [];
    }
    return Object.entries(value).flatMap(([key, item]: [string, unknown]) => (key === "image" && typeof item === "string" ? [item] : imagesIn(item)));
}
