import * as pulumi from "@pulumi/pulumi";

import { configWarnings, loadConfig } from "./components/config";
import { type StackOutputs, deploy } from "./components/deploy";

/** One config in, everything it asks for out: clusters, the app on each, failover DNS over all. */
export = async function main(): Promise<StackOutputs> {
    const config = loadConfig();
    for (const warning of configWarnings(config, { stack: pulumi.getStack(), today: new Date() })) {
        await pulumi.log.warn(warning);
    }
    return deploy(config);
};
