import { type Kind, type Making, at, text } from "../kind";
import type { Thing, World } from "../world";
import { releaseKind } from "./charts";
import { type Host, ownerOf } from "./host";
import { hostAt } from "./hosts";
import { definitionType, namespaceType, noNamespace, objectId } from "./objects";

const ingressType = "kubernetes:networking.k8s.io/v1:Ingress";

/** Groups of Kubernetes' own, without a dot or under k8s.io (https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.36/). */
function isOwn(group: string): boolean {
    return !group.includes(".") || group.endsWith(".k8s.io");
}

function noDefinition({ world, place, type }: Making): string | undefined {
    const group = type.split(":")[1]?.split("/")[0] ?? "";
    const kind = type.split(":")[2] ?? "";
    const defined = isOwn(group) || hostAt(world, place).groups.includes(group) || world.ofType(definitionType).some(definition => definition.place === place && text(definition.inputs, "spec.group") === group && text(definition.inputs, "spec.names.kind") === kind);
    return defined ? undefined : `no matches for kind "${kind}" in group "${group}"`;
}

/** Waits until pods find nodes, and nodes can be had. */
const scheduled: Kind["settle"] = async ({ world, place, signal }) => {
    await world.until(() => hostAt(world, place).hasNodes, signal);
    return {};
};

/** A disk for each claim that the set's pods mount; the class decides whether it outlives the claim. */
const stateful: Kind["settle"] = async making => {
    await scheduled(making);
    const { world, place, inputs } = making;
    const host = hostAt(world, place);
    for (const claim of claimsOf(making)) {
        const owner = ownerOf(claim);
        if (!world.ofType(host.disk).some(disk => disk.inputs["owner"] === owner)) {
            if (!host.provisions) {
                throw new Error(`${text(inputs, "metadata.name")}: nothing makes a volume for ${claim.id}`);
            }
            const storageClass = world.get(place, "kubernetes:storage.k8s.io/v1:StorageClass", text(claim.inputs, "spec.storageClassName"));
            world.add({ place: host.disk, type: host.disk, id: `disk-${world.nextNumber()}`, urn: undefined, inputs: { owner, claim: claim.id, reclaimPolicy: text(storageClass?.inputs ?? {}, "reclaimPolicy") || "Delete" }, outputs: {} });
        }
    }
    return {};
};

/** Claims of a StatefulSet by the names that it gives them: <template>-<set>-<ordinal>. */
function claimsOf({ world, place, inputs }: Pick<Making, "world" | "place" | "inputs">): readonly Thing[] {
    const templates = (at(inputs, "spec.volumeClaimTemplates") ?? []) as readonly Making["inputs"][];
    const prefixes = templates.map(template => `${text(inputs, "metadata.namespace")}/${text(template, "metadata.name")}-${text(inputs, "metadata.name")}-`);
    return world.ofType("kubernetes:core/v1:PersistentVolumeClaim").filter(claim => claim.place === place && prefixes.some(prefix => claim.id.startsWith(prefix)));
}

/** Whether an object is to have a load balancer. */
function isBalanced({ type, inputs }: Pick<Thing, "type" | "inputs">): boolean {
    return type === ingressType || (type === "kubernetes:core/v1:Service" && at(inputs, "spec.type") === "LoadBalancer");
}

const balanced: Kind["settle"] = async making => {
    if (!isBalanced(making)) {
        return {};
    }
    const { world, place, type, id, signal } = making;
    await world.until(() => hostAt(world, place).balances && hostAt(world, place).hasNodes, signal);
    const owner = world.get(place, type, id);
    if (owner === undefined) {
        throw new Error(`${id} went while its load balancer was made`);
    }
    return hostAt(world, place).balance(owner);
};

/** Takes the load balancer away: the object has a finalizer, which only the controller removes, by the class that it finds. */
function unbalance(thing: Thing, world: World): void {
    if (!isBalanced(thing)) {
        return;
    }
    const host = hostAt(world, thing.place);
    if (!host.balances) {
        throw new Error(`${thing.id} is never gone: nothing removes the finalizer of its load balancer`);
    }
    const className = text(thing.inputs, "spec.ingressClassName");
    if (className !== "" && world.get(thing.place, "kubernetes:networking.k8s.io/v1:IngressClass", className) === undefined) {
        throw new Error(`${thing.id} is never gone: its IngressClass ${className} is no longer there, and the controller passes it by`);
    }
    host.unbalance(thing);
}

/** Takes a claim's disk away, where its class says so. */
function release(claim: Thing, world: World): void {
    const host = hostAt(world, claim.place);
    const owner = ownerOf(claim);
    for (const disk of world.ofType(host.disk).filter(({ inputs }) => inputs["owner"] === owner && inputs["reclaimPolicy"] === "Delete")) {
        if (!host.provisions) {
            throw new Error(`the disk of ${claim.id} is never gone: its driver is`);
        }
        world.remove(disk);
    }
}

/** What an object takes with it. */
function goes(thing: Thing, world: World): void {
    unbalance(thing, world);
    if (thing.type === "kubernetes:core/v1:PersistentVolumeClaim") {
        release(thing, world);
    }
    const inside = thing.type === namespaceType ? (other: Thing) => text(other.inputs, "metadata.namespace") === thing.id : thing.type === definitionType ? (other: Thing) => other.type.split(":")[1]?.split("/")[0] === text(thing.inputs, "spec.group") : () => false;
    for (const other of world.all().filter(({ place }) => place === thing.place).filter(inside)) {
        goes(other, world);
        world.remove(other);
    }
}

const waits: Readonly<Record<string, Kind["settle"]>> = {
    "kubernetes:apps/v1:Deployment": scheduled,
    "kubernetes:apps/v1:DaemonSet": scheduled,
    "kubernetes:apps/v1:StatefulSet": stateful,
    "kubernetes:batch/v1:Job": scheduled,
    "kubernetes:core/v1:Service": balanced,
    [ingressType]: balanced,
};

/** What a cluster knows of a type of object. */
export function objectKind(type: string): Kind {
    if (type === "kubernetes:helm.sh/v3:Release") {
        return releaseKind;
    }
    const settle = waits[type];
    return {
        id: ({ inputs }) => objectId(inputs),
        outputs: ({ inputs, id }) => ({ metadata: { ...(inputs["metadata"] as object), uid: id } }),
        refuse: making => noNamespace(making) ?? noDefinition(making),
        goes,
        ...(settle === undefined ? {} : { settle }),
    };
}

/** The cloud below a cluster that answers at an address, once it lets Pulumi in. */
export function answering(world: World, address: string): Host {
    const host = hostAt(world, address);
    if (host.refusal !== undefined) {
        throw new Error(`configured Kubernetes cluster is unreachable: ${host.refusal}`);
    }
    return host;
}
