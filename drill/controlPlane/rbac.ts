import type { KubeObject } from "../api";
import { users } from "./pki";

const role = "holdfast:kwok";

const read = ["get", "list", "watch"];

/** What kwok needs: to see nodes and pods, to say how they are, to delete pods, and to keep nodes' leases. Source: its own kustomize/rbac. */
export const kwokAccess: readonly KubeObject[] = [
    {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRole",
        metadata: { name: role },
        rules: [
            { apiGroups: [""], resources: ["nodes"], verbs: read },
            { apiGroups: [""], resources: ["pods"], verbs: [...read, "delete", "patch", "update"] },
            { apiGroups: [""], resources: ["nodes/status", "pods/status"], verbs: ["patch", "update"] },
            { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: [...read, "create", "patch", "update"] },
            { apiGroups: ["", "events.k8s.io"], resources: ["events"], verbs: ["create", "patch", "update"] },
        ],
    },
    {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRoleBinding",
        metadata: { name: role },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
        subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: users.kwok.name }],
    },
];
