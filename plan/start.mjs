// Runs the plan.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

import { requireNode } from "./node.mjs";

requireNode();

const require = createRequire(import.meta.url);
const { bundle } = require("./bundle.cjs");
require(bundle(fileURLToPath(new URL("main.ts", import.meta.url)), "plan"));
