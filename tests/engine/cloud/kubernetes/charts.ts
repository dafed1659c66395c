import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import type { Constructed } from "../../provider/provider";
import type { Properties } from "../../provider/wire";
import { inputFailures } from "../inputs";
import { type Kind, text } from "../kind";
import { Refused } from "../world";
import { hostAt } from "./hosts";
import { definitionType, noNamespace, objectId } from "./objects";

/** What `npm run charts` found that a chart comes to. */
interface Rendered {
    readonly chart: string;
    readonly version: string;
    readonly workloads: readonly { readonly kind: string; readonly name: string; readonly labels: Readonly<Record<string, string>> }[];
}

const folder = join(__dirname, "..", "..", "..", "platform", "rendered");

/** Custom resources that a chart defines and the program makes, by chart. */
const definitions: Readonly<Record<string, readonly { readonly group: string; readonly kind: string; readonly plural: string }[]>> = {
    "aws-load-balancer-controller": [{ group: "elbv2.k8s.aws", kind: "IngressClassParams", plural: "ingressclassparams" }],
    "oci://quay.io/jetstack/charts/cert-manager": [{ group: "cert-manager.io", kind: "ClusterIssuer", plural: "clusterissuers" }],
};

/** The facts of a chart in a version, on any kind of cluster. */
function rendered(chart: string, version: string): Rendered {
    const files = readdirSync(folder).filter(file => file !== "custom-resources.json");
    const all = files.map(file => JSON.parse(readFileSync(join(folder, file), "utf8")) as Rendered);
    const found = all.find(facts => facts.chart === chart && facts.version === version);
    if (found === undefined) {
        throw new Refused(`nothing is known of chart ${chart} ${version}: npm run charts -- --update`);
    }
    return found;
}

/**
 * What a chart comes to, as far as the order of an update and a destroy hangs on it: its workloads, by the kept facts, and
 * the definitions of custom resources. Services, roles and all else that it renders are left out.
 */
export function constructChart(type: string, name: string, inputs: Properties): Constructed {
    const failures = inputFailures(type, inputs);
    if (failures.length > 0) {
        throw new Refused(failures.map(({ property, reason }) => `${property}: ${reason}`).join("; "));
    }
    return { children: partsOf(inputs).map(part => ({ ...part, name: `${name}:${objectId(part.inputs)}` })), outputs: {} };
}

/** An object that a chart comes to. */
interface Part {
    readonly type: string;
    readonly inputs: Properties;
}

function partsOf(inputs: Properties): readonly Part[] {
    const defined = (definitions[text(inputs, "chart")] ?? []).map(({ group, kind, plural }) => ({
        type: definitionType,
        inputs: {
            apiVersion: "apiextensions.k8s.io/v1",
            kind: "CustomResourceDefinition",
            metadata: { name: `${plural}.${group}` },
            spec: { group, names: { kind, plural }, scope: "Cluster", versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }] },
        },
    }));
    return [...defined, ...workloadsOf(inputs)];
}

/** Versions of the kinds of workloads that charts come to: Kubernetes' own, and those that an operator turns into one. */
const versions: Readonly<Record<string, string>> = {
    DaemonSet: "apps/v1",
    Deployment: "apps/v1",
    StatefulSet: "apps/v1",
    Job: "batch/v1",
    Prometheus: "monitoring.coreos.com/v1",
    Alertmanager: "monitoring.coreos.com/v1",
    Driver: "csi.ceph.io/v1",
};

/** Workloads of a chart in a version, as little of each as its type asks for. */
function workloadsOf(inputs: Properties): readonly Part[] {
    const namespace = text(inputs, "namespace");
    return rendered(text(inputs, "chart"), text(inputs, "version")).workloads.map(({ kind, name, labels }) => {
        const version = versions[kind];
        if (version === undefined) {
            throw new Refused(`a chart comes to a ${kind}: say of which version`);
        }
        const template = { metadata: { labels }, spec: { containers: [{ name, image: name }] } };
        return {
            type: `kubernetes:${version}:${kind}`,
            inputs: { apiVersion: version, kind, metadata: { name, namespace, labels }, spec: { selector: { matchLabels: labels }, template, ...(kind === "StatefulSet" ? { serviceName: name } : {}) } },
        };
    });
}

/** A chart as one resource, which holds what it comes to: Helm itself makes and removes that. */
export const releaseKind: Kind = {
    id: ({ inputs }) => `${text(inputs, "namespace")}/${text(inputs, "name")}`,
    refuse: noNamespace,
    settle: async ({ world, place, inputs, signal }) => {
        await world.until(() => hostAt(world, place).hasNodes, signal);
        for (const { type, inputs: made } of partsOf(inputs)) {
            const id = objectId(made);
            if (world.get(place, type, id) === undefined) {
                world.add({ place, type, id, urn: undefined, inputs: made, outputs: {} });
            }
        }
        return {};
    },
    goes: ({ place, inputs }, world) => {
        for (const { type, inputs: made } of partsOf(inputs)) {
            world.remove({ place, type, id: objectId(made) });
        }
    },
};
