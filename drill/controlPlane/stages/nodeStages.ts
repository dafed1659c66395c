import { condition, field, stage, status } from "./stage";

/** A node is ready at once, and again as soon as its zone is back. */
export const nodeReady = stage("Node", "node-ready", [field(condition("Ready"), "NotIn", "True")], [
    status(`
{{ $now := Now }}
phase: Running
conditions:
{{ range NodeConditions }}
- type: {{ .type | Quote }}
  status: {{ .status | Quote }}
  reason: {{ .reason | Quote }}
  message: {{ .message | Quote }}
  lastHeartbeatTime: {{ $now | Quote }}
  lastTransitionTime: {{ $now | Quote }}
{{ end }}`),
]);

/** Leases tell that a node lives. Its status is told every five minutes, as a kubelet does (--node-status-report-frequency). */
export const nodeHeartbeat = stage(
    "Node",
    "node-heartbeat",
    [field(condition("Ready"), "In", "True")],
    [
        status(`
{{ $now := Now }}
conditions:
{{ range NodeConditions }}
- type: {{ .type | Quote }}
  status: {{ .status | Quote }}
  lastHeartbeatTime: {{ $now | Quote }}
{{ end }}`),
    ],
    { durationMilliseconds: 300_000, jitterDurationMilliseconds: 310_000 },
);
