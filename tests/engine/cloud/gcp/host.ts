import { at, text } from "../kind";
import { type Host, type HostKind, ownerOf } from "../kubernetes/host";
import type { Thing, World } from "../world";
import { address, forwardingRule } from "./kinds";

/** GKE below a cluster. */
export const gkeHost: HostKind = {
    find: (world, url) => {
        const cluster = world.ofType("gcp:container/cluster:Cluster").find(({ outputs }) => `https://${text(outputs, "endpoint")}` === url);
        return cluster && new GkeHost(world, cluster);
    },
};

class GkeHost implements Host {
    readonly groups = ["cloud.google.com", "networking.gke.io"];
    readonly disk = "gcp:disk";
    // Both controllers are part of the control plane.
    readonly balances = true;
    readonly provisions = true;

    constructor(
        private readonly world: World,
        private readonly cluster: Thing,
    ) {}

    get refusal(): string | undefined {
        return this.cluster.ready ? undefined : "the cluster is not running";
    }

    get hasNodes(): boolean {
        const { inputs } = this.cluster;
        return inputs["enableAutopilot"] === true || this.world.ofType("gcp:container/nodePool:NodePool").some(pool => pool.ready && pool.inputs["cluster"] === inputs["name"]);
    }

    balance(owner: Thing): { readonly status: unknown } {
        const named = ownerOf(owner);
        const there = this.world.ofType(forwardingRule).find(({ inputs }) => inputs["owner"] === named);
        const annotations = (at(owner.inputs, "metadata.annotations") ?? {}) as Readonly<Record<string, unknown>>;
        const reserved = this.reserved(annotations["kubernetes.io/ingress.global-static-ip-name"]);
        const inputs = {
            owner: named,
            network: this.cluster.inputs["network"],
            address: reserved?.inputs["name"],
            sslPolicy: this.sslPolicy(owner, annotations["networking.gke.io/v1beta1.FrontendConfig"]),
        };
        const rule = there ?? this.world.add({ place: "gcp", type: forwardingRule, id: `k8s-fr-${this.world.nextNumber()}`, urn: undefined, inputs, outputs: { ip: reserved?.outputs["address"] ?? address(this.world.nextNumber()) } });
        rule.inputs = inputs;
        return { status: { loadBalancer: { ingress: [{ ip: rule.outputs["ip"] }] } } };
    }

    unbalance(owner: Thing): void {
        const named = ownerOf(owner);
        this.world.ofType(forwardingRule).filter(({ inputs }) => inputs["owner"] === named).forEach(rule => {
            this.world.remove(rule);
        });
    }

    private reserved(name: unknown): Thing | undefined {
        return name === undefined ? undefined : this.world.ofType("gcp:compute/globalAddress:GlobalAddress").find(({ inputs }) => inputs["name"] === name);
    }

    private sslPolicy(owner: Thing, frontend: unknown): unknown {
        const id = `${text(owner.inputs, "metadata.namespace")}/${String(frontend)}`;
        return at(this.world.get(owner.place, "kubernetes:networking.gke.io/v1beta1:FrontendConfig", id)?.inputs ?? {}, "spec.sslPolicy");
    }
}
