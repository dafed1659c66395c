import { cost } from "./cost";
import { reliability } from "./reliability";
import type { Rule } from "./rule";
import { security } from "./security";

/** Every rule there is. */
export const rules: readonly Rule[] = [...security, ...reliability, ...cost];
