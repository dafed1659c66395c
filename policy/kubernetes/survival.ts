import type { Rule } from "../rule";
import { autoscaling } from "./autoscaling";
import { budgets } from "./budgets";
import { jobs } from "./jobs";
import { loadBalancers } from "./loadBalancers";
import { placement } from "./placement";
import { probes } from "./probes";
import { quota } from "./quota";
import { references } from "./references";
import { replicas } from "./replicas";
import { rollout } from "./rollout";
import { services } from "./services";
import { shutdown } from "./shutdown";
import { spread } from "./spread";
import { state } from "./state";

/** What objects on a cluster survive. */
export const survival: readonly Rule[] = [
    ...replicas,
    ...autoscaling,
    ...budgets,
    ...rollout,
    ...probes,
    ...shutdown,
    ...spread,
    ...placement,
    ...services,
    ...loadBalancers,
    ...state,
    ...quota,
    ...jobs,
    ...references,
];
