// Where Pulumi's policy engine comes in. It would check the types of every file at each preview, which
// takes longer than the preview; `npm test` does that.
const { join } = require("node:path");

const { bundle } = require("../plan/bundle.cjs");

require(bundle(join(__dirname, "pack.ts"), "policy"));
