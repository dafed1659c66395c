/**
 * The pods, field by field against the `restricted` Pod Security standard
 * (https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted). A mock cannot
 * prove that the admission plugin agrees, or that an image runs as a user that is not its own.
 */
import assert from "node:assert/strict";

import type { PlannedStack } from "../../plan/run";
import { everyKind, first, fullApp, type PodOwner, ownerOf, planApp, podOwners, quantity } from "../support/kubernetes";
import { minimalApp } from "../support/plan";

/** Volume types that the standard allows; a volume must name one of them. */
const allowedVolumes = ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"];

/** Fields of a pod that the standard, in its baseline part, wants left out or false. */
const hostFields = ["hostNetwork", "hostPID", "hostIPC", "hostUsers", "initContainers", "ephemeralContainers"];

/** Fields of a container's security context that may stand there; any other would loosen something. */
const containerSecurity = {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    runAsUser: 10_001,
    runAsGroup: 10_001,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
};

const podSecurity = {
    runAsNonRoot: true,
    runAsUser: 10_001,
    runAsGroup: 10_001,
    fsGroup: 10_001,
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
};

for (const { label, cluster } of everyKind) {
    describe(`pods on ${label}`, () => {
        let owners: readonly PodOwner[];

        before(async () => {
            owners = podOwners(await planApp(fullApp, cluster));
        });

        /** A test of the pods of every part. */
        const ofEach = (title: string, check: (owner: PodOwner) => void): void => {
            it(title, () => {
                assert.deepEqual(owners.map(({ part }) => part).sort(), ["app", "job-migrate", "job-report", "state"]);
                owners.forEach(check);
            });
        };

        ofEach("shares nothing with its node and has no other containers", ({ template, part }) => {
            assert.equal(template.spec.containers.length, 1, part);
            assert.deepEqual(hostFields.filter(field => field in template.spec), [], part);
        });

        ofEach("mounts only volumes of kinds that the standard allows", ({ template, part }) => {
            for (const { name, ...source } of template.spec.volumes) {
                assert.deepEqual(Object.keys(source).filter(kind => !allowedVolumes.includes(kind)), [], `${part} ${name}`);
                assert.equal(Object.keys(source).length, 1, `${part} ${name}`);
            }
        });

        ofEach("opens no port on its node", ({ container, part }) => {
            const ports = "ports" in container ? container.ports : [];
            assert.deepEqual(ports.filter(port => "hostPort" in port || "hostIP" in port), [], part);
        });

        ofEach("has a pod that is not root and keeps the runtime's seccomp profile", ({ template, part }) => {
            assert.deepEqual(template.spec.securityContext, podSecurity, part);
        });

        ofEach("has a container without root, privileges, capabilities or a writable root", ({ container, part }) => {
            assert.deepEqual(container.securityContext, containerSecurity, part);
        });

        ofEach("sends no probe to another host", ({ container, part }) => {
            const { startupProbe, livenessProbe, readinessProbe, lifecycle } = container as Partial<PodOwner["container"]>;
            assert.doesNotMatch(JSON.stringify([startupProbe, livenessProbe, readinessProbe, lifecycle]), /"host"/, part);
        });

        ofEach("mounts no API token", ({ template, part }) => {
            assert.equal(template.spec.automountServiceAccountToken, false, part);
            assert.equal(template.spec.serviceAccountName, "shop", part);
            assert.equal(template.spec.enableServiceLinks, false, part);
        });

        ofEach("requests and limits CPU, memory and scratch space", ({ container, part }) => {
            const { requests, limits } = container.resources;
            for (const resource of ["cpu", "memory", "ephemeral-storage"]) {
                const requested = quantity(requests[resource] ?? "0");
                assert.ok(requested > 0, `${part} requests no ${resource}`);
                assert.ok(quantity(limits[resource] ?? "0") >= requested, `${part} limits ${resource} under its request`);
            }
            assert.equal(limits["memory"], requests["memory"], part);
        });

        ofEach("can write to /tmp, in bounds, though its root is read-only", ({ container, template, part }) => {
            const mount = container.volumeMounts.find(({ mountPath }) => mountPath === "/tmp");
            const volume = template.spec.volumes.find(({ name }) => name === mount?.name);
            assert.deepEqual(volume, { name: "tmp", emptyDir: { sizeLimit: "64Mi" } }, part);
        });

        ofEach("names the pods' part in their labels", ({ template, part }) => {
            assert.deepEqual(template.metadata.labels, {
                "app.kubernetes.io/name": "shop",
                "app.kubernetes.io/managed-by": "holdfast",
                "app.kubernetes.io/component": part,
            });
        });
    });
}

describe("what a pod asks for", () => {
    let plan: PlannedStack;

    before(async () => {
        plan = await planApp({
            ...minimalApp,
            resources: { cpu: "500m", memory: "1Gi", cpuLimit: "3" },
            state: { ...fullApp.state, resources: { cpu: "2", memory: "4Gi" } },
            jobs: [{ name: "migrate", command: ["./migrate"], resources: { cpu: "100m", memory: "128Mi" } }],
        });
    });

    for (const [part, cpu, cpuLimit, memory] of [
        ["app", "500m", "3000m", "1Gi"],
        ["state", "2", "8000m", "4Gi"],
        ["job-migrate", "100m", "400m", "128Mi"],
    ] as const) {
        it(`is for ${part} what config says, with a CPU limit of four times the request unless given`, () => {
            const { requests, limits } = ownerOf(plan, part).container.resources;
            assert.deepEqual([requests["cpu"], limits["cpu"], requests["memory"], limits["memory"]], [cpu, cpuLimit, memory, memory]);
        });
    }

    it("names the container of each part", () => {
        const names = podOwners(plan).map(({ template }) => first(template.spec.containers).name);
        assert.deepEqual(names.sort(), ["job-migrate", "shop", "state"]);
    });
});
