/**
 * The stateful replicas and their volumes. A mock cannot prove that the StatefulSet controller takes
 * the claims as its own, that a disk grows, or that it outlives its claim: asserted are the names and
 * policies that make it so.
 */
import assert from "node:assert/strict";

import type * as k8s from "@pulumi/kubernetes";

import type { PlannedStack } from "../../plan/run";
import { all, clusterConfigs, find, inputsOf, minimalApp, type RawConfig } from "../support/plan";
import { difference, everyKind, first, type Manifest, only, onlyManifest, ownerOf, planApp, shortUrn, types } from "../support/kubernetes";

type SetSpec = k8s.types.output.apps.v1.StatefulSetSpec;
type ClaimSpec = k8s.types.output.core.v1.PersistentVolumeClaimSpec;
type ServiceSpec = k8s.types.output.core.v1.ServiceSpec;

interface StorageClass {
    readonly metadata: { readonly name: string };
    readonly provisioner: string;
    readonly parameters: Readonly<Record<string, string>>;
    readonly volumeBindingMode: string;
    readonly allowVolumeExpansion: boolean;
    readonly reclaimPolicy: string;
}

const image = "docker.io/library/redis:8.2.1";

const withState = (state: RawConfig): RawConfig => ({ ...minimalApp, state: { image, ...state } });

/** The names of the claims, in order. */
const claimNames = (plan: PlannedStack): string[] =>
    all(plan, types.claim).map(claim => inputsOf<Manifest<ClaimSpec>>(claim).metadata.name).sort();

/** The names that the StatefulSet controller gives: `<template>-<set>-<ordinal>`. */
function controllerNames(plan: PlannedStack): string[] {
    const { metadata, spec } = onlyManifest<SetSpec>(plan, types.statefulSet);
    return spec.volumeClaimTemplates.flatMap(template =>
        Array.from({ length: spec.replicas }, (_, ordinal) => `${template.metadata.name}-${metadata.name}-${ordinal}`),
    );
}

describe("state by default", () => {
    let plan: PlannedStack;

    before(async () => {
        plan = await planApp(withState({}));
    });

    const set = (): Manifest<SetSpec> => onlyManifest<SetSpec>(plan, types.statefulSet);

    it("is three replicas with a volume my-data of 1Gi at /data each", () => {
        assert.equal(set().spec.replicas, 3);
        const [template, ...more] = set().spec.volumeClaimTemplates;
        assert.equal(template?.metadata.name, "my-data");
        assert.deepEqual(template.spec.accessModes, ["ReadWriteOnce"]);
        assert.equal(template.spec.resources.requests["storage"], "1Gi");
        assert.deepEqual(more, []);
        const mount = ownerOf(plan, "state").container.volumeMounts.find(({ name }) => name === "my-data");
        assert.deepEqual(mount, { name: "my-data", mountPath: "/data" });
    });

    it("has claims under the very names that the controller would give them", () => {
        assert.deepEqual(claimNames(plan), ["my-data-shop-state-0", "my-data-shop-state-1", "my-data-shop-state-2"]);
        assert.deepEqual(claimNames(plan), controllerNames(plan));
    });

    it("has claims that say the same as the set's template", () => {
        const { spec } = first(set().spec.volumeClaimTemplates);
        for (const claim of all(plan, types.claim)) {
            assert.deepEqual(inputsOf<Manifest<ClaimSpec>>(claim).spec, spec, claim.name);
        }
    });

    it("makes the claims before the set, and waits for none of them to bind", () => {
        const { dependencies } = only(plan, types.statefulSet);
        for (const claim of all(plan, types.claim)) {
            assert.ok(dependencies.includes(claim.urn), claim.name);
            assert.equal(inputsOf<Manifest<ClaimSpec>>(claim).metadata.annotations["pulumi.com/skipAwait"], "true", claim.name);
        }
    });

    it("gives each replica a name of its own by a headless Service", () => {
        const service = inputsOf<Manifest<ServiceSpec>>(find(plan, types.service, "local-shop-state-service"));
        assert.equal(set().spec.serviceName, service.metadata.name);
        assert.equal(service.spec.clusterIP, "None");
        assert.equal(service.spec.publishNotReadyAddresses, true);
        assert.deepEqual(service.spec.ports, [{ name: "state", port: 8080, targetPort: "state", protocol: "TCP" }]);
    });

    it("starts replicas side by side, so that one that waits for its zone holds back none", () => {
        assert.equal(set().spec.podManagementPolicy, "Parallel");
        assert.deepEqual(set().spec.updateStrategy, { type: "RollingUpdate" });
    });

    it("has the controller never delete a claim", () => {
        assert.deepEqual(set().spec.persistentVolumeClaimRetentionPolicy, { whenDeleted: "Retain", whenScaled: "Retain" });
    });

    it("leaves alone what would replace the set: its claim templates, and a history limit is never named", () => {
        assert.deepEqual(only(plan, types.statefulSet).ignoreChanges, ["spec.volumeClaimTemplates"]);
        assert.equal("revisionHistoryLimit" in set().spec, false);
    });

    it("asks the port whether it has started, works and can serve, each at its own pace", () => {
        const { startupProbe, livenessProbe, readinessProbe, ports } = ownerOf(plan, "state").container;
        const probes = [startupProbe, livenessProbe, readinessProbe];
        for (const probe of probes) {
            assert.deepEqual(probe.tcpSocket, { port: "state" });
        }
        assert.equal(new Set(probes.map(probe => JSON.stringify(probe))).size, 3);
        assert.deepEqual(ports, [{ name: "state", containerPort: 8080, protocol: "TCP" }]);
    });

    it("ends each replica with time to write what it holds", () => {
        const { container, template } = ownerOf(plan, "state");
        assert.equal(template.spec.terminationGracePeriodSeconds, 60);
        assert.ok(container.lifecycle.preStop.sleep.seconds < 60);
    });
});

describe("state from config", () => {
    const state = {
        replicas: 5,
        size: "20Gi",
        volume: "ledger",
        mountPath: "/var/lib/ledger",
        port: 6379,
        command: ["redis-server", "--dir", "/var/lib/ledger"],
    };

    it("takes replicas, size, names, port and command", async () => {
        const plan = await planApp(withState(state));
        assert.deepEqual(claimNames(plan), controllerNames(plan));
        assert.equal(first(claimNames(plan)), "ledger-shop-state-0");
        assert.equal(claimNames(plan).length, 5);
        const { container } = ownerOf(plan, "state");
        assert.deepEqual([container.image, container.command, container.ports[0]?.containerPort], [image, state.command, 6379]);
        assert.ok(container.volumeMounts.some(({ name, mountPath }) => name === "ledger" && mountPath === "/var/lib/ledger"));
        for (const claim of all(plan, types.claim)) {
            assert.equal(inputsOf<Manifest<ClaimSpec>>(claim).spec.resources.requests["storage"], "20Gi");
        }
    });
});

for (const { label, cluster } of everyKind) {
    const owned = cluster["kind"] !== "existing";

    describe(`volumes on ${label}`, () => {
        let keep: PlannedStack;
        let del: PlannedStack;

        before(async () => {
            keep = await planApp(withState({ onDelete: "keep" }), cluster);
            del = await planApp(withState({ onDelete: "delete" }), cluster);
        });

        it("are kept: claims and namespace outlive the stack", () => {
            assert.deepEqual(all(keep, types.claim).map(({ retainOnDelete }) => retainOnDelete), [true, true, true]);
            assert.equal(only(keep, types.namespace).retainOnDelete, true);
        });

        it("go where config says so: claims and namespace are deleted", () => {
            assert.deepEqual(all(del, types.claim).map(({ retainOnDelete }) => retainOnDelete), [false, false, false]);
            assert.equal(only(del, types.namespace).retainOnDelete, false);
        });

        it(owned ? "come from a class that keeps disks or not, as config says" : "come from the cluster's own class", () => {
            const classes = [keep, del].map(plan => all(plan, types.storageClass).map(made => inputsOf<StorageClass>(made).reclaimPolicy));
            assert.deepEqual(classes, owned ? [["Retain"], ["Delete"]] : [[], []]);
        });

        it(owned ? "are made where the pod is, and can grow" : "leave the class to the cluster", () => {
            const claim = inputsOf<Manifest<ClaimSpec>>(first(all(keep, types.claim))).spec;
            if (!owned) {
                assert.equal("storageClassName" in claim, false);
                return;
            }
            const made = inputsOf<StorageClass>(only(keep, types.storageClass));
            assert.equal(made.volumeBindingMode, "WaitForFirstConsumer");
            assert.equal(made.allowVolumeExpansion, true);
            assert.equal(claim.storageClassName, made.metadata.name);
        });

        it("keep the claims as they are when config changes its mind", () => {
            const claims = (plan: PlannedStack): unknown[] => all(plan, types.claim).map(({ urn, wireInputs }) => [urn, wireInputs]);
            assert.deepEqual(claims(keep), claims(del));
        });
    });
}

describe("the storage class", () => {
    it("is on EKS encrypted, by the driver of the cluster's mode", async () => {
        const auto = inputsOf<StorageClass>(only(await planApp(withState({}), clusterConfigs.eks), types.storageClass));
        assert.equal(auto.provisioner, "ebs.csi.eks.amazonaws.com");
        assert.equal(auto.parameters["encrypted"], "true");
    });

    it("is the one that an existing cluster's config names", async () => {
        const plan = await planApp(withState({}), { ...clusterConfigs.existing, storageClass: "fast" });
        for (const claim of all(plan, types.claim)) {
            assert.equal(inputsOf<Manifest<ClaimSpec>>(claim).spec.storageClassName, "fast");
        }
        assert.equal(all(plan, types.claim).length, 3);
    });
});

describe("a change of state", () => {
    let original: PlannedStack;

    before(async () => {
        original = await planApp(withState({ size: "10Gi" }), clusterConfigs.eks);
    });

    it("of size changes only the claims, the room for them, and a template that is left alone", async () => {
        const after = await planApp(withState({ size: "20Gi" }), clusterConfigs.eks);
        const { added, removed, changed } = difference(original, after);
        assert.deepEqual([added, removed], [[], []]);
        assert.deepEqual(changed.map(shortUrn), [
            `${types.statefulSet} east-shop-state`,
            ...[0, 1, 2].map(ordinal => `${types.claim} east-shop-volume-${ordinal}`),
            `${types.quota} east-shop-quota`,
        ]);
        const ignored = (plan: PlannedStack): unknown => {
            const set = inputsOf<Manifest<SetSpec>>(only(plan, types.statefulSet));
            return { ...set, spec: { ...set.spec, volumeClaimTemplates: [] } };
        };
        assert.deepEqual(ignored(after), ignored(original));
    });

    it("to more replicas adds claims and touches none that are there", async () => {
        const { added, removed, changed } = difference(original, await planApp(withState({ size: "10Gi", replicas: 5 }), clusterConfigs.eks));
        assert.deepEqual(added.map(shortUrn), [`${types.claim} east-shop-volume-3`, `${types.claim} east-shop-volume-4`]);
        assert.deepEqual(removed, []);
        assert.deepEqual(changed.filter(urn => urn.includes("PersistentVolumeClaim")), []);
    });
});

describe("a change of onDelete", () => {
    it("makes the storage class anew under its name, and leaves the claims alone", async () => {
        const stateOf = (onDelete: string): Promise<PlannedStack> =>
            planApp({ ...minimalApp, state: { image: "docker.io/library/redis:8.2.1", onDelete } }, clusterConfigs.eks);
        const [kept, deleted] = [await stateOf("keep"), await stateOf("delete")];
        const classOf = (plan: PlannedStack) => only(plan, "kubernetes:storage.k8s.io/v1:StorageClass");
        assert.deepEqual(classOf(kept).replaceOnChanges, ["reclaimPolicy", "volumeBindingMode", "allowedTopologies"]);
        assert.deepEqual(inputsOf(classOf(kept))["metadata"], inputsOf(classOf(deleted))["metadata"]);
        const claimsOf = (plan: PlannedStack): unknown[] =>
            all(plan, "kubernetes:core/v1:PersistentVolumeClaim").map(claim => inputsOf(claim));
        assert.equal(claimsOf(kept).length, 3);
        assert.deepEqual(claimsOf(deleted), claimsOf(kept));
    });
});
