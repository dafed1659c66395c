import { addOnsOf } from "../../platform";
import { type Problem, pathOf } from "../problems";
import type { HoldfastConfig } from "../schema";

/** What is wrong with the add-ons that are on; each says so itself. */
export function checkPlatform(config: HoldfastConfig): readonly Problem[] {
    return [...takenNamespaces(config), ...addOnsOf(config).flatMap(addOn => addOn.check(config))];
}

/** An app is in a namespace of its own name, which must not be an add-on's: each would take the other's over, and delete it. */
function takenNamespaces(config: HoldfastConfig): readonly Problem[] {
    const { app } = config;
    const owner = addOnsOf(config).find(({ namespaces }) => namespaces.includes(app?.name ?? ""));
    return app === undefined || owner === undefined
        ? []
        : [
              {
                  path: pathOf(["app", "name"]),
                  received: app.name,
                  allowed: `another name than ${owner.namespaces.join(" and ")}, which platform.${owner.key} has for a namespace`,
                  fix: `rename the app, or turn platform.${owner.key} off`,
                  reads: [pathOf(["platform", owner.key])],
              },
          ];
}
