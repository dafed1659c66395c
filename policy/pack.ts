import { PolicyPack } from "@pulumi/policy";

import { policyOf } from "./crossguard";
import { rules } from "./rules";

/** Holdfast's rules for `pulumi preview --policy-pack policy`. */
new PolicyPack("holdfast", { policies: rules.map(policyOf), enforcementLevel: "mandatory" });
