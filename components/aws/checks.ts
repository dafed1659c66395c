import type { TlsRequest } from "../cluster";
import { checkApiAccess, checkDistinct, checkMachines, checkPools, checkPrivate, checkZones } from "../config/checks/common";
import { isInZone } from "../config/dns";
import { type Problem, Said, joinPath } from "../config/problems";
import { nearest } from "../config/suggest";
import { cidr } from "../model/cidr";
import { vpcPrefixes } from "./addressPlan";
import type { EksConfig } from "./config";
import { aliasRegions } from "./hostedZones";
import { standardSupportEnds, warningDays } from "./versions";

/** What is wrong with an EKS cluster's config. */
export function checkEks(config: EksConfig, path: string): readonly Problem[] {
    return [
        ...checkRegion(config, path),
        ...checkZones(config.zones, config.region, path, zone => zone.slice(0, -1)),
        ...checkBlock(config, path),
        ...checkVersion(config, path),
        ...checkDistinct(config.admins, joinPath(path, "admins"), { allowed: "each principal once", fix: "remove it here" }),
        ...checkApiAccess(config.apiAccess, path),
        ...checkPools(config.nodes, config.zones, path),
        ...checkMachines(config.nodes, path, instanceType, "m7i.large"),
    ];
}

/** Family and size (https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html). */
const instanceType = /^[a-z0-9-]+\.[a-z0-9-]+$/;

function checkRegion({ region }: EksConfig, path: string): readonly Problem[] {
    return aliasRegions.includes(region)
        ? []
        : [
              {
                  path: joinPath(path, "region"),
                  received: region,
                  allowed: "a commercial AWS region",
                  fix: `did you mean ${nearest(region, aliasRegions) ?? "us-east-1"}?`,
              },
          ];
}

function checkBlock(config: EksConfig, path: string): readonly Problem[] {
    const { widest, narrowest } = vpcPrefixes;
    const { prefix } = cidr(config.cidr);
    return prefix >= widest && prefix <= narrowest
        ? checkPrivate(config.cidr, path)
        : [
              {
                  path: joinPath(path, "cidr"),
                  received: config.cidr,
                  allowed: `a block from /${widest} to /${narrowest}: nodes and pods of each zone share an eighth of it`,
                  fix: `choose a block such as 10.16.0.0/${widest}`,
              },
          ];
}

function checkVersion({ version }: EksConfig, path: string): readonly Problem[] {
    return version in standardSupportEnds
        ? []
        : [
              {
                  path: joinPath(path, "version"),
                  received: version,
                  allowed: `a version that EKS supports: ${Object.keys(standardSupportEnds).join(", ")}`,
                  fix: `set version to "${Object.keys(standardSupportEnds).at(-1) ?? ""}"`,
              },
          ];
}

/** An ALB takes its certificate from ACM, which needs a zone to prove the name in. */
export function checkEksTls(config: EksConfig, { host, zone }: TlsRequest, path: string): readonly Problem[] {
    if (zone !== undefined && isInZone(host, zone)) {
        return [];
    }
    return [
        {
            path,
            received: zone ?? new Said("no zone"),
            allowed: `tls.zone or failover.zone that holds ${host}: the certificate of ${config.name}'s load balancer is proved by a record there`,
            fix: `add tls: { zone: ${host.split(".").slice(1).join(".")} }, or the Route 53 zone that holds ${host}, or tls: false`,
        },
    ];
}

/** What the user of an EKS cluster should know. */
export function eksWarnings(config: EksConfig, today: Date): readonly string[] {
    const warnings: string[] = [];
    const end = standardSupportEnds[config.version];
    if (end !== undefined) {
        const daysLeft = (Date.parse(end) - Date.parse(today.toISOString().slice(0, 10))) / 86_400_000;
        if (daysLeft < 0) {
            warnings.push(`${config.name}: standard support of EKS ${config.version} ended on ${end}: AWS upgrades the cluster by force`);
        } else if (daysLeft <= warningDays) {
            warnings.push(`${config.name}: standard support of EKS ${config.version} ends on ${end}, in ${daysLeft} days; AWS then upgrades the cluster by force: raise version before`);
        }
    }
    if (config.apiAccess.length === 0) {
        warnings.push(`${config.name}: apiAccess is empty: \`pulumi up\` must run inside the VPC to reach the API server`);
    }
    return warnings;
}
