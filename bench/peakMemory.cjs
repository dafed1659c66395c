// Preloaded into a measured process: writes its peak resident memory, in KiB, where the bench asks for it.
const { writeFileSync } = require("node:fs");

process.on("exit", () => {
    writeFileSync(process.env.HOLDFAST_BENCH_RSS, String(process.resourceUsage().maxRSS));
});
