import type { Mutant } from "../../plant";
import { jobs } from "./jobs";
import { placement } from "./placement";
import { replicas } from "./replicas";
import { rollout } from "./rollout";
import { services } from "./services";
import { data } from "./state";

/** What objects on a cluster no longer survive. */
export const survival: readonly Mutant[] = [...replicas, ...rollout, ...placement, ...services, ...data, ...jobs];
