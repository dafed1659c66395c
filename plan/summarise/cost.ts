import { type ClusterConfig, type KindBill, clusterKinds, kindOf } from "../../components/cluster";
import type { HoldfastConfig } from "../../components/config";
import { type BillLine, priceBill } from "../../components/model/cost";
import { cores, mebibytes } from "../../components/model/quantity";
import { type Footprint, addOnsOf } from "../../components/platform";
import { objectsByCluster } from "../objects";
import type { RecordedResource } from "../recorder";
import type { CostSummary } from "../summary";
import { revealSecrets } from "../wire";

type Inputs = Readonly<Record<string, unknown>>;

/** Prices what was registered, by the rules of each cluster's kind. */
export function costSummary(config: HoldfastConfig, resources: readonly RecordedResource[]): CostSummary {
    const { clusters } = config;
    const regions = providerRegions(resources);
    const rules: KindBill<never>["resources"] = Object.fromEntries(
        Object.values(clusterKinds).flatMap(({ bill }) => Object.entries(bill?.resources ?? {})),
    );
    const ofClouds = resources.flatMap(resource => {
        const rule = rules[resource.type];
        return rule === undefined ? [] : rule(inputsOf(resource), regions.get(resource.provider ?? "") ?? "global");
    });
    const objects = objectsByCluster(resources);
    const ofClusters = clusters.flatMap(cluster => clusterLines(cluster, objects.get(cluster.name) ?? [], footprintOf(config, cluster)));
    const priced = priceBill([...ofClouds, ...ofClusters]);
    const usage = [...new Set(clusters.flatMap(cluster => kindOf(cluster).bill?.usage ?? []))];
    return {
        parts: priced.parts,
        totalMonthlyUsd: priced.totalMonthlyUsd,
        unpriced: [...priced.unpriced, ...(usage.length === 0 ? [] : [`what is paid by use: ${usage.join(", ")}`])],
        basis:
            priced.oldest === undefined
                ? "nothing here has a price in the table"
                : `list prices at the autoscalers' minimum, 730 hours a month; the oldest is of ${priced.oldest}`,
    };
}

function inputsOf({ wireInputs }: RecordedResource): Inputs {
    return revealSecrets(wireInputs) as Inputs;
}

/** The region of each provider that says one. */
function providerRegions(resources: readonly RecordedResource[]): ReadonlyMap<string, string> {
    return new Map(
        resources.flatMap(resource => {
            const { region } = inputsOf(resource);
            return resource.type.startsWith("pulumi:providers:") && typeof region === "string" ? [[resource.urn, region]] : [];
        }),
    );
}

/** What a cluster's add-ons take beside their own objects. Where the cloud chooses the nodes there is taken to be one a zone. */
function footprintOf(config: HoldfastConfig, cluster: ClusterConfig): Pick<Footprint, "pods" | "volumesGib"> {
    const nodes = Math.max(1, kindOf(cluster).describe(cluster).zones.length);
    const footprints = addOnsOf(config).map(addOn => addOn.footprint(config, cluster));
    return {
        pods: {
            cores: footprints.reduce((sum, { pods, eachNode }) => sum + pods.cores + nodes * eachNode.cores, 0),
            gib: footprints.reduce((sum, { pods, eachNode }) => sum + pods.gib + nodes * eachNode.gib, 0),
        },
        volumesGib: footprints.flatMap(({ volumesGib }) => volumesGib),
    };
}

/** What a cluster's own objects, and its add-ons, make its cloud provide. */
function clusterLines(cluster: ClusterConfig, objects: readonly RecordedResource[], { pods, volumesGib }: Pick<Footprint, "pods" | "volumesGib">): BillLine[] {
    const { bill } = kindOf(cluster);
    if (bill === undefined) {
        return [];
    }
    const ofType = (type: string): Inputs[] => objects.filter(object => object.type === `kubernetes:${type}`).map(inputsOf);
    const services = ofType("core/v1:Service").filter(({ spec }) => (spec as { type?: string }).type === "LoadBalancer");
    const demand = demandOf(ofType);
    return [
        ...services.flatMap(() => bill.service(cluster)),
        ...ofType("networking.k8s.io/v1:Ingress").flatMap(() => bill.ingress(cluster)),
        ...ofType("core/v1:PersistentVolumeClaim").flatMap(claim => bill.volume(cluster, storageGib(claim))),
        ...volumesGib.flatMap(gib => bill.volume(cluster, gib)),
        ...bill.nodes(cluster, { cores: demand.cores + pods.cores, gib: demand.gib + pods.gib }),
    ];
}

function storageGib({ spec }: Inputs): number {
    const { resources } = spec as { resources: { requests: { storage: string } } };
    return mebibytes(resources.requests.storage) / 1024;
}

interface Requests {
    readonly cpu: string;
    readonly memory: string;
}

/** Requests of the replicas at their minimum: the autoscaler's for the Deployment. Jobs come and go, and are left out. */
function demandOf(ofType: (type: string) => Inputs[]): { cores: number; gib: number } {
    const minima = new Map(
        ofType("autoscaling/v2:HorizontalPodAutoscaler").map(({ spec }) => {
            const { scaleTargetRef, minReplicas } = spec as { scaleTargetRef: { name: string }; minReplicas: number };
            return [scaleTargetRef.name, minReplicas];
        }),
    );
    const demand = { cores: 0, gib: 0 };
    for (const { metadata, spec } of [...ofType("apps/v1:Deployment"), ...ofType("apps/v1:StatefulSet")]) {
        const { replicas, template } = spec as {
            replicas?: number;
            template: { spec: { containers: { resources: { requests: Requests } }[] } };
        };
        const count = replicas ?? minima.get((metadata as { name: string }).name) ?? 1;
        for (const { resources } of template.spec.containers) {
            demand.cores += count * cores(resources.requests.cpu);
            demand.gib += (count * mebibytes(resources.requests.memory)) / 1024;
        }
    }
    return demand;
}
