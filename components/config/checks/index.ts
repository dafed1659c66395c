import type { Problem } from "../problems";
import type { HoldfastConfig } from "../schema";
import { checkApp } from "./app";
import { checkClusters } from "./clusters";
import { checkFailover } from "./failover";
import { checkPlatform } from "./platform";

/** What is wrong with a config whose every value is of the right form: keys that contradict each other. */
export function checkConfig(config: HoldfastConfig): readonly Problem[] {
    return [...checkClusters(config), ...checkApp(config), ...checkFailover(config), ...checkPlatform(config)];
}
