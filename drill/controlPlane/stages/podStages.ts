import { faulty, sound } from "./imageFaults";
import { type Stage, condition, event, field, living, phase, stage, status } from "./stage";

/** Annotation of a pod with the seconds from running until ready. */
const readyAnnotation = "drill.holdfast.dev/ready-seconds";

/** Status of containers that were never started. */
const waiting = (list: string, specs: string, reason: string): string => `
${list}:
{{ range ${specs} }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
  ready: false
  started: false
  restartCount: 0
  state:
    waiting:
      reason: ${reason}
{{ end }}`;

const unreadyConditions = `
- type: Ready
  status: "False"
  reason: ContainersNotReady
  lastTransitionTime: {{ $now | Quote }}
- type: ContainersReady
  status: "False"
  reason: ContainersNotReady
  lastTransitionTime: {{ $now | Quote }}`;

const addresses = `
{{ with NodeIPsWith .spec.nodeName }}
hostIP: {{ index . 0 | Quote }}
hostIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
{{ with PodIPsWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) }}
podIP: {{ index . 0 | Quote }}
podIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}`;

/** The containers run; init containers have done their work. */
export const podRuns = (startSeconds: number): Stage =>
    stage(
        "Pod",
        "pod-runs",
        [living, phase("Pending"), field(".status.podIP", "DoesNotExist"), sound("unpullable")],
        [
            event("Normal", "Started", "Started containers"),
            status(`
{{ $now := Now }}
phase: Running
startTime: {{ $now | Quote }}
${addresses}
conditions:
- type: PodReadyToStartContainers
  status: "True"
  lastTransitionTime: {{ $now | Quote }}
- type: Initialized
  status: "True"
  lastTransitionTime: {{ $now | Quote }}${unreadyConditions}
{{ with .spec.initContainers }}
initContainerStatuses:
{{ range . }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
  ready: true
  restartCount: 0
  {{ if eq ( or .restartPolicy "" ) "Always" }}
  started: true
  state:
    running:
      startedAt: {{ $now | Quote }}
  {{ else }}
  started: false
  state:
    terminated:
      exitCode: 0
      reason: Completed
      startedAt: {{ $now | Quote }}
      finishedAt: {{ $now | Quote }}
  {{ end }}
{{ end }}
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
  ready: false
  started: true
  restartCount: 0
  state:
    running:
      startedAt: {{ $now | Quote }}
{{ end }}`),
        ],
        { durationMilliseconds: startSeconds * 1000, jitterDurationMilliseconds: startSeconds * 1250 },
    );

export const podCannotPull = (startSeconds: number): Stage =>
    stage(
        "Pod",
        "pod-cannot-pull",
        [living, phase("Pending"), faulty("unpullable"), field('[.status.containerStatuses[]?.state.waiting.reason] | any(. == "ImagePullBackOff")', "NotIn", "true")],
        [
            event("Warning", "Failed", "Failed to pull image: not found"),
            status(`
{{ $now := Now }}
conditions:${unreadyConditions}
${waiting("containerStatuses", ".spec.containers", "ImagePullBackOff")}`),
        ],
        { durationMilliseconds: startSeconds * 1000 },
    );

/**
 * Readiness at a point in time, not after a while: kwok counts a delay anew whenever the pod changes. It is also how the
 * pods of a zone that is back become ready again, which the node controller had marked unready. Readiness gates
 * count as open: whoever opens them is not here.
 */
export const podReady = (readySeconds: number): Stage =>
    stage(
        "Pod",
        "pod-ready",
        [living, phase("Running"), field(condition("Ready"), "NotIn", "True"), sound("unready")],
        [
            status(`
{{ $now := Now }}
{{ $root := . }}
conditions:
{{ range .spec.readinessGates }}
- type: {{ .conditionType | Quote }}
  status: "True"
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
- type: Ready
  status: "True"
  reason: null
  message: null
  lastTransitionTime: {{ $now | Quote }}
- type: ContainersReady
  status: "True"
  reason: null
  message: null
  lastTransitionTime: {{ $now | Quote }}
containerStatuses:
{{ range $index, $item := .spec.containers }}
{{ $was := index $root.status.containerStatuses $index }}
- name: {{ $item.name | Quote }}
  image: {{ $item.image | Quote }}
  imageID: ""
  ready: true
  started: true
  restartCount: {{ $was.restartCount }}
  state:
    running:
      startedAt: {{ $was.state.running.startedAt | Quote }}
{{ end }}`),
        ],
        { durationMilliseconds: readySeconds * 1000, durationFrom: { jq: { expression: readyAt(readySeconds) } } },
    );

/** jq's: when a pod is ready. */
export function readyAt(readySeconds: number): string {
    const after = `(.metadata.annotations["${readyAnnotation}"] // "${readySeconds}" | tonumber)`;
    return `${after} as $after | ([.status.containerStatuses[].state.running.startedAt | fromdate] | max) + $after | todate`;
}

/** A pod that is to end ends well. */
export const podCompletes = (jobSeconds: number): Stage =>
    stage(
        "Pod",
        "pod-completes",
        [living, phase("Running"), field(condition("Ready"), "In", "True"), field(".spec.restartPolicy", "NotIn", "Always")],
        [
            status(`
{{ $now := Now }}
{{ $root := . }}
phase: Succeeded
conditions:
- type: Ready
  status: "False"
  reason: PodCompleted
  lastTransitionTime: {{ $now | Quote }}
- type: ContainersReady
  status: "False"
  reason: PodCompleted
  lastTransitionTime: {{ $now | Quote }}
containerStatuses:
{{ range $index, $item := .spec.containers }}
{{ $was := index $root.status.containerStatuses $index }}
- name: {{ $item.name | Quote }}
  image: {{ $item.image | Quote }}
  imageID: ""
  ready: false
  started: false
  restartCount: {{ $was.restartCount }}
  state:
    terminated:
      exitCode: 0
      reason: Completed
      startedAt: {{ $was.state.running.startedAt | Quote }}
      finishedAt: {{ $now | Quote }}
{{ end }}`),
        ],
        { durationMilliseconds: jobSeconds * 1000 },
    );

/**
 * A deleted pod is gone after its preStop sleep and the time that its program takes to end, and at the latest when its
 * grace period is over. That no request fails meanwhile is for a drill with real containers to prove. When a zone is back,
 * its deleted pods go at once; a kubelet would run their preStop hooks first.
 */
export const podStops = (stopSeconds: number): Stage =>
    stage("Pod", "pod-stops", [field(".metadata.deletionTimestamp", "Exists")], [{ delete: true }], {
        durationMilliseconds: stopSeconds * 1000,
        durationFrom: { jq: { expression: goneAt(stopSeconds) } },
    });

/** jq's: when a deleted pod is gone. A deletionTimestamp is the end of the grace period. */
export function goneAt(stopSeconds: number): string {
    const grace = "(.metadata.deletionGracePeriodSeconds // 0)";
    const preStop = "([.spec.containers[].lifecycle.preStop.sleep.seconds // 0] | max)";
    return `${grace} as $grace | ${preStop} as $sleep | (.metadata.deletionTimestamp | fromdate) - $grace + ([$grace, $sleep + ${stopSeconds}] | min) | todate`;
}
