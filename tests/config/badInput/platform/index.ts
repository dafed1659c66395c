/** Invalid add-ons. */
import type { BadInput } from "../row";
import { badAutoscaling } from "./autoscaling";
import { badBackup } from "./backup";
import { badCertificates } from "./certificates";
import { badLogging } from "./logging";
import { badMesh } from "./mesh";
import { badMonitoring } from "./monitoring";
import { badRebalancing } from "./rebalancing";
import { badStorage } from "./storage";

export const badPlatforms: readonly BadInput[] = [
    ["platform as a list", { platform: ["monitoring"] }, 'platform: {"monitoring":true}'],
    ["an add-on that there is not", { "platform.prometheus": true }, "remove prometheus"],
    ...badCertificates,
    ...badStorage,
    ...badLogging,
    ...badAutoscaling,
    ...badBackup,
    ...badMesh,
    ...badMonitoring,
    ...["monitoring", "monitoring-nodes", "elasticsearch", "descheduler", "cert-manager", "velero", "headroom"].map((name): BadInput => [`an app in an add-on's namespace, ${name}`, { "app.name": name }, "rename the app"]),
    ...badRebalancing,
];
