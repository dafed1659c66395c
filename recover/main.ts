import { runCommand } from "../tools/command";
import { UsageError, exitCodeAfter, run } from "./command";
import { PulumiError } from "./pulumi";
import { StateError } from "./state";

runCommand({ run, userErrors: [UsageError, PulumiError, StateError], exitCodeAfter });
