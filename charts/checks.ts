import { kindOf } from "../components/cluster";
import { customResourcesOf, titleOf as resourceTitle } from "./customResources";
import type { ChartFacts } from "./facts";
import { footprintConcerns } from "./footprint";
import type { Kept } from "./kept";
import { podSecurityLevels } from "./podFacts";
import { type ChartRequest, chartsOf, clusterOf, roleOf } from "./requests";
import { selectorConcerns } from "./selectors";
import { titleOf } from "./sources";
import type { PlannedVariant } from "./variants";
import { type PlacedWorkload, enforcedLevels, isHeld, placedWorkloads } from "./placed";
import type { Workload } from "./workloads";

/** What is looked for. */
export const checkNames = [
    "stale", "hooks", "unknown values", "kubernetes api", "repeatable", "kubernetes versions", "namespace", "custom resources", "replicas", "budget", "spread", "requests", "memory limit",
    "pod security", "host access", "priority", "root user", "seccomp", "read-only root", "footprint", "selectors",
] as const;

export type CheckName = (typeof checkNames)[number];

/** Something that is not as it should be. */
export interface Concern {
    readonly check: CheckName;
    /** The release's name without the cluster's, or an add-on's key. */
    readonly role: string;
    /** What it is about: "Deployment grafana", without the cluster's name; empty for the chart as a whole. */
    readonly subject: string;
    readonly message: string;
    /** Keys of the variants where it is so. */
    readonly on: readonly string[];
}

/** What facts that were kept don't cover: these must be made anew. */
export function staleOf(planned: readonly PlannedVariant[], { charts, customResources }: Kept): readonly Concern[] {
    const facts = [...charts.values()];
    const stale = planned.flatMap(variant => {
        const on = variant.variant.key;
        const concern = (role: string, message: string): Concern => ({ check: "stale", role, subject: "", message, on: [on] });
        return [
            ...chartsOf(variant)
                .filter(({ digest, chart, version }) => !facts.some(kept => kept.digest === digest && kept.chart === chart && kept.version === version && kept.on.includes(on)))
                .map(request => concern(request.role, `${titleOf(request)} was not looked at with these values`)),
            ...customResourcesOf(variant)
                .filter(resource => !customResources.some(kept => kept.digest === resource.digest && kept.resource === resourceTitle(resource) && kept.on.includes(on)))
                .map(resource => concern(resource.name, `${resourceTitle(resource)} was not held against its definition as it is now`)),
        ];
    });
    const wanted = new Set(planned.flatMap(variant => chartsOf(variant).map(({ digest }) => `${digest} ${variant.variant.key}`)));
    const spare = [...charts].flatMap(([name, { digest, on }]) => {
        const gone = on.filter(key => !wanted.has(`${digest} ${key}`));
        return gone.length === 0 ? [] : [{ check: "stale", role: name, subject: "", message: "is installed so no more", on: gone } as const];
    });
    return merged([...stale, ...spare]);
}

/** All that is wrong with the charts of the variants, as far as facts are kept. */
export function concernsOf(planned: readonly PlannedVariant[], kept: Kept): readonly Concern[] {
    return merged(
        planned.flatMap(variant => {
            const installed = chartsOf(variant).flatMap(request => {
                const facts = [...kept.charts.values()].find(({ digest }) => digest === request.digest);
                return facts === undefined ? [] : [{ request, facts }];
            });
            const placed = placedWorkloads(variant, installed);
            const raw = [
                ...installed.flatMap(({ request, facts }) => chartConcerns(request, facts)),
                ...chartsOf(variant).flatMap(request => namespaceConcerns(request, variant)),
                ...placed.flatMap(pods => podConcerns(pods, variant)),
                ...customMisfits(variant, kept),
                ...footprintConcerns(variant, installed),
                ...selectorConcerns(variant, placed),
            ];
            return raw.map(concern => ({ ...concern, on: [variant.variant.key] }));
        }),
    );
}

/** A concern before it is known where it is so. */
export type Raw = Omit<Concern, "on">;

function chartConcerns({ role, by }: ChartRequest, { hooks, misfits, unknownValues, repeatable, kubeVersions }: ChartFacts): readonly Raw[] {
    const concern = (check: CheckName, subject: string, message: string): Raw => ({ check, role, subject, message });
    // Helm itself runs hooks, keeps what was made, and knows how clouds write versions.
    const ofPulumi = by === "Release" ? [] : [
        ...hooks.map(hook => concern("hooks", hook, "is made by a hook, which does not run")),
        ...(repeatable ? [] : [concern("repeatable", "", "renders something else each time, which would be a change in each preview")]),
        ...(kubeVersions === undefined || acceptsSuffixes(kubeVersions) ? [] : [concern("kubernetes versions", "", `says it is for ${kubeVersions}: a version such as v1.35.2-eks-1a2b3c4 is refused`)]),
    ];
    return [
        ...misfits.map(message => concern("kubernetes api", message, "does not fit")),
        ...unknownValues.map(path => concern("unknown values", path, "is no value that the chart knows")),
        ...ofPulumi,
    ];
}

/** Every cluster has kube-system; any other namespace must be made before a chart can go there. */
function namespaceConcerns({ role, namespace }: ChartRequest, planned: PlannedVariant): readonly Raw[] {
    const there = namespace === "kube-system" || enforcedLevels(planned).has(namespace);
    return there ? [] : [{ check: "namespace", role, subject: "", message: `goes to namespace ${namespace}, which the program does not make` }];
}

/**
 * Whether a range takes a version with a suffix, which EKS and GKE give theirs: each bound must have one itself
 * (https://helm.sh/docs/topics/charts/#the-kubeversion-field).
 */
function acceptsSuffixes(range: string): boolean {
    return range.split("||").every(part => [...part.matchAll(/\d+(\.\d+)*(-\S+)?/g)].every(([, , suffix]) => suffix !== undefined));
}

function customMisfits({ variant }: PlannedVariant, { customResources }: Kept): readonly Raw[] {
    return customResources
        .filter(({ on }) => on.includes(variant.key))
        .flatMap(({ resource, misfits: found }) => (found ?? []).map(message => ({ check: "custom resources" as const, role: resource.split(" ").at(-1) ?? "", subject: resource, message })));
}

/** What is wrong with pods that are all alike, where they stand. */
function podConcerns(placed: PlacedWorkload, planned: PlannedVariant): readonly Raw[] {
    const { role, workload, namespace } = placed;
    const { pods, priorityClass } = workload;
    const clusterConfig = clusterOf(planned);
    const several = typeof pods === "number" && pods > 1;
    const zones = kindOf(clusterConfig).describe(clusterConfig).zones.length;
    const enforced = enforcedLevels(planned).get(namespace) ?? "privileged";
    const tooMuch = podSecurityLevels.indexOf(workload.podSecurity) > podSecurityLevels.indexOf(enforced);
    const beyondLogs = kindOf(clusterConfig).hostAccess(clusterConfig) === "logs" ? workload.host.filter(access => !/^hostPath \/var\/log\b.*\(read-only\)$/.test(access)) : [];
    const rows: readonly (readonly [CheckName, boolean, string])[] = [
        ["replicas", typeof pods !== "number" || several, `has ${String(pods)}: a node that goes takes it away`],
        ["budget", !several || isHeld(placed, planned), "has no disruption budget"],
        ["spread", !several || isSpread(workload, zones), `is spread over ${[...workload.spread, ...workload.apart].join(", ") || "nothing"}`],
        ["requests", workload.requests, "has a container that does not request CPU and memory"],
        ["memory limit", workload.memoryLimit, "has a container without a memory limit"],
        ["pod security", !tooMuch, `needs ${workload.podSecurity}, but namespace ${namespace} enforces ${enforced}`],
        ["host access", beyondLogs.length === 0, `has ${beyondLogs.join(", ")}, which this kind of cluster refuses`],
        ["priority", namespace === "kube-system" || priorityClass?.startsWith("system-") !== true, `has priority ${priorityClass} outside kube-system, which GKE limits by quota`],
        ["root user", workload.nonRoot, "has a container that may be root"],
        ["seccomp", workload.seccomp, "has a container without a seccomp profile"],
        ["read-only root", workload.readOnlyRoot, "has a container that can write to its root"],
    ];
    const subject = `${workload.kind} ${roleOf(workload.name)}`;
    return rows.filter(([, fine]) => !fine).map(([check, , message]) => ({ check, role, subject, message }));
}

function isSpread({ spread, apart }: Workload, zones: number): boolean {
    return [...spread, ...apart].includes(zones > 1 ? "topology.kubernetes.io/zone" : "kubernetes.io/hostname");
}

/** The same concern of several variants, once. */
function merged(concerns: readonly Concern[]): readonly Concern[] {
    const groups = new Map<string, Concern>();
    for (const concern of concerns) {
        const key = JSON.stringify([concern.check, concern.role, concern.subject, concern.message]);
        const known = groups.get(key);
        groups.set(key, { ...concern, on: [...(known?.on ?? []), ...concern.on.filter(variant => known?.on.includes(variant) !== true)] });
    }
    return [...groups.values()].sort((a, b) => checkNames.indexOf(a.check) - checkNames.indexOf(b.check) || (a.role < b.role ? -1 : 1));
}
