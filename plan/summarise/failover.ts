import type { FailoverConfig, HoldfastConfig } from "../../components/config";
import { recordKey } from "../../components/failover";
import { ttlOf } from "../../components/objectives";
import type { RecordedResource, Recording } from "../recorder";
import type { FailoverSummary, RecordSummary } from "../summary";
import { revealSecrets } from "../wire";

/** Inputs of a record, as far as the summary reads them. */
interface RecordInputs {
    readonly name: string;
    readonly setIdentifier?: string;
    readonly aliases?: readonly { readonly name: string }[];
    readonly records?: readonly string[];
    readonly failoverRoutingPolicies?: readonly { readonly type: string }[];
    readonly weightedRoutingPolicies?: readonly { readonly weight: number }[];
}

/** Inputs of an endpoint's health check. */
interface CheckInputs {
    readonly type: string;
    /** Endpoint checks alone have one. */
    readonly fqdn?: string;
    readonly resourcePath: string;
    readonly requestInterval: number;
    readonly failureThreshold: number;
}

/** The failover DNS as it was registered; undefined where there is none. */
export function failoverSummary(
    config: HoldfastConfig,
    { resources }: Recording,
): FailoverSummary | undefined {
    const { failover } = config;
    if (failover === undefined) {
        return undefined;
    }
    const answers = resources
        .filter(({ type }) => type === "aws:route53/record:Record")
        .map(record => inputsOf(record) as RecordInputs)
        .filter(({ name }) => name === failover.domain);
    const participants = [...config.clusters, ...failover.members];
    const clusters = new Map(participants.map(({ name }) => [recordKey({ name }, failover), name]));
    const checks = resources
        .filter(({ type }) => type === "aws:route53/healthCheck:HealthCheck")
        .map(check => inputsOf(check) as CheckInputs)
        .filter(({ fqdn }) => fqdn !== undefined);
    return {
        domain: failover.domain,
        mode: failover.mode,
        ...(failover.primary === undefined ? {} : { primary: failover.primary }),
        // PRIMARY before SECONDARY, whatever order they were registered in.
        records: answers.map(answer => recordSummary(answer, clusters)).sort((a, b) => a.role.localeCompare(b.role) || a.cluster.localeCompare(b.cluster)),
        check: checkInWords(checks, failover),
        ttlSeconds: ttlOf(config),
        failback: failbackInWords(failover),
    };
}

function inputsOf({ wireInputs }: RecordedResource): unknown {
    return revealSecrets(wireInputs);
}

function recordSummary(record: RecordInputs, clusters: ReadonlyMap<string, string>): RecordSummary {
    const [alias] = record.aliases ?? [];
    const weight = record.weightedRoutingPolicies?.[0]?.weight;
    return {
        cluster: clusters.get(record.setIdentifier ?? "") ?? "",
        role: record.failoverRoutingPolicies?.[0]?.type ?? `weight ${weight ?? 0}`,
        type: alias === undefined ? "A" : "alias",
        target: alias?.name ?? (record.records ?? []).join(", "),
    };
}

function checkInWords([first]: readonly CheckInputs[], { check, domain }: FailoverConfig): string {
    const asked = first?.fqdn === undefined ? "" : `, ${first.type} GET ${first.fqdn.replace(/^[^.]+/, "<cluster>")}${first.resourcePath}`;
    const failures = check.failures === 1 ? "1 failure" : `${check.failures} failures in a row`;
    return `every ${check.interval} s, ${failures}${asked || `, of ${domain}`}`;
}

function failbackInWords({ mode, failback }: FailoverConfig): string {
    if (mode === "active-active") {
        return "at once: every healthy cluster answers";
    }
    if (failback === "manual") {
        return "by hand: change failover.primary";
    }
    return failback.holdMinutes === 0 ? "at once" : `after ${failback.holdMinutes} min of unbroken health`;
}
