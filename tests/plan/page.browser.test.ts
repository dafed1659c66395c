// Measures the page in Chromium with the fonts of this machine. It cannot prove that it looks good, nor
// that another browser or a wider font leaves every text in its box.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

import { renderPage } from "../../plan/page";
import type { PlanSummary } from "../../plan/summary";
import { DEV, FIFTY, GLOBAL, HOSTILE, PROD, RESOURCES, SIX } from "./fixtures";

interface Measures {
    readonly title: string;
    readonly innerWidth: number;
    readonly scrollWidth: number;
    readonly texts: number;
    /** Texts of the picture that leave the frame they are drawn in. */
    readonly outside: readonly string[];
    /** Pairs of texts that lie on each other. */
    readonly overlapping: readonly string[];
    /** Cards outside every cloud, and cards that lie on each other. */
    readonly stray: readonly string[];
    /** Texts with less than WCAG AA's 4.5:1 on what is behind them. */
    readonly faint: readonly string[];
    readonly scripts: number;
    readonly requests: number;
    readonly resourcesShown: boolean;
    readonly dark: boolean;
}

const CANDIDATES = [
    process.env.CHROMIUM,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
];

const FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--window-size=1280,1800",
];

const DARK = "--blink-settings=preferredColorScheme=0";

const chromium = CANDIDATES.find((path) => path !== undefined && path !== "" && existsSync(path));

describe("the page in a browser", function () {
    this.timeout(60_000);

    before(function () {
        if (chromium === undefined) {
            console.log("    skipped: no Chromium; install Debian's package chromium");
            this.skip();
        }
    });

    const stacks: readonly (readonly [string, PlanSummary])[] = [
        ["two clouds", PROD],
        ["an existing cluster", DEV],
        ["only records", GLOBAL],
        ["six clusters", SIX],
        ["fifty clusters", FIFTY],
        ["hostile names", HOSTILE],
    ];
    for (const [name, summary] of stacks) {
        it(`fits ${name} into 1280 pixels with every text in its box`, async () => {
            const measures = await measure(renderPage(summary, RESOURCES), []);
            assert.equal(measures.innerWidth, 1280);
            assert.ok(measures.scrollWidth <= 1280, `the page is ${measures.scrollWidth} px wide`);
            assert.ok(measures.texts > 5);
            assert.deepEqual(measures.outside, []);
            assert.deepEqual(measures.overlapping, []);
            assert.deepEqual(measures.stray, []);
            assert.deepEqual(measures.faint, []);
            assert.equal(measures.title, `Holdfast plan: ${summary.stack}`);
            assert.equal(measures.scripts, 1, "a name became a script");
            assert.equal(measures.requests, 0);
            assert.equal(measures.resourcesShown, false);
            assert.equal(measures.dark, false);
        });
    }

    it("keeps the contrast where dark is preferred", async () => {
        const measures = await measure(renderPage(SIX, RESOURCES), [DARK]);
        assert.equal(measures.dark, true);
        assert.deepEqual(measures.faint, []);
    });

    it("runs no script, even one that got in", async () => {
        const dom = await dump(withProbe(renderPage(PROD, RESOURCES)), []);
        assert.ok(dom.includes("Holdfast plan: prod"));
        assert.equal(result(dom), undefined);
    });
});

async function measure(html: string, flags: readonly string[]): Promise<Measures> {
    const open = html.replace(`content="default-src`, `content="script-src 'unsafe-inline'; default-src`);
    assert.notEqual(open, html);
    const found = result(await dump(withProbe(open), flags));
    assert.ok(found !== undefined, "the probe did not run");
    return JSON.parse(decodeURIComponent(found)) as Measures;
}

function withProbe(html: string): string {
    return html.replace("</body>", () => `<script>(${PROBE})()</script></body>`);
}

function result(dom: string): string | undefined {
    return /<html[^>]* data-measures="([^"]*)"/.exec(dom)?.[1];
}

async function dump(html: string, flags: readonly string[]): Promise<string> {
    assert.ok(chromium !== undefined);
    const folder = await mkdtemp(join(tmpdir(), "holdfast-page-"));
    try {
        const file = join(folder, "plan.html");
        await writeFile(file, html);
        const profile = `--user-data-dir=${join(folder, "profile")}`;
        const args = [...FLAGS, ...flags, profile, "--dump-dom", pathToFileURL(file).href];
        const { stdout } = await promisify(execFile)(chromium, args, { maxBuffer: 1 << 26, timeout: 50_000 });
        return stdout;
    } finally {
        await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
}

/** Runs inside the page, so it is text: the compiler's helpers do not exist there. */
const PROBE = String.raw`function () {
    const slack = 0.75;
    const inside = (a, b) =>
        a.left >= b.left - slack && a.right <= b.right + slack && a.top >= b.top - slack && a.bottom <= b.bottom + slack;
    const meets = (a, b) =>
        a.left < b.right - slack && b.left < a.right - slack && a.top < b.bottom - slack && b.top < a.bottom - slack;
    const boxAround = (node) => {
        for (let group = node.parentNode; group instanceof SVGElement; group = group.parentNode) {
            const box = group.querySelector(":scope > .box");
            if (box !== null) { return box; }
        }
        return null;
    };
    const own = (node) => node.lastChild.textContent;
    const channel = (c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
    const luminance = (color) => {
        const [r, g, b] = color.match(/[\d.]+/g).map(Number);
        return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
    };
    const contrast = (a, b) => {
        const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
        return (high + 0.05) / (low + 0.05);
    };
    const style = (node) => getComputedStyle(node);
    const behind = (node) => {
        for (let at = node; at !== null; at = at.parentElement) {
            const color = style(at).backgroundColor;
            if (!/, 0\)$/.test(color)) { return color; }
        }
        return "rgb(255, 255, 255)";
    };

    const picture = document.querySelector(".picture");
    const texts = [...picture.querySelectorAll("text")].map((node) => ({
        node, box: boxAround(node), at: node.getBoundingClientRect(),
    }));
    const cards = [...picture.querySelectorAll(".card")].map((node) => node.getBoundingClientRect());
    const clouds = [...picture.querySelectorAll(".region")].map((node) => node.getBoundingClientRect());
    const overlapping = [];
    texts.forEach((a, i) => texts.slice(i + 1).forEach((b) => {
        if (meets(a.at, b.at)) { overlapping.push(own(a.node) + " / " + own(b.node)); }
    }));
    const stray = [];
    cards.forEach((a, i) => {
        if (!clouds.some((cloud) => inside(a, cloud))) { stray.push("card " + i); }
        cards.slice(i + 1).forEach((b, j) => { if (meets(a, b)) { stray.push("cards " + i + " and " + (i + 1 + j)); } });
    });
    const prose = [...document.querySelectorAll("h1, h2, p, dt, dd, li, th, td, summary, figcaption span, footer")];
    const faint = [
        ...texts.filter(({ node, box }) => box === null || contrast(style(node).fill, style(box).fill) < 4.5).map(({ node }) => own(node)),
        ...prose.filter((node) => contrast(style(node).color, behind(node)) < 4.5).map((node) => node.textContent),
    ];
    const measures = {
        title: document.title,
        innerWidth,
        scrollWidth: document.documentElement.scrollWidth,
        texts: texts.length,
        outside: texts.filter(({ at, box }) => box === null || !inside(at, box.getBoundingClientRect())).map(({ node }) => own(node)),
        overlapping,
        stray,
        faint,
        scripts: document.scripts.length,
        requests: performance.getEntriesByType("resource").length,
        resourcesShown: document.querySelector("details table").checkVisibility({ contentVisibilityAuto: true }),
        dark: matchMedia("(prefers-color-scheme: dark)").matches,
    };
    document.documentElement.dataset.measures = encodeURIComponent(JSON.stringify(measures));
}`;
