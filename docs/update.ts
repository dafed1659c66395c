import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { configTable } from "./configTable";
import { withTable } from "./readme";

/** `npm run docs`: writes the config table into the README. */
const path = join(__dirname, "..", "README.md");
writeFileSync(path, withTable(readFileSync(path, "utf8"), configTable()));
