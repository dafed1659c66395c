import type * as pulumi from "@pulumi/pulumi";

import type { StackOutputs } from "../../components/deploy";
import type { Recording } from "../recorder";
import { revealSecrets } from "../wire";

/** A stack's outputs as plain values, secrets in the clear: for reckoning with, never for printing whole. */
export type PlainOutputs = pulumi.Unwrap<StackOutputs>;

/** The outputs that a program's run ended with. */
export function deserializeOutputs({ outputs }: Recording): PlainOutputs {
    return revealSecrets(outputs) as PlainOutputs;
}
