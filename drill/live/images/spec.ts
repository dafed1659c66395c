import { otherTag } from "../../controlPlane";
import { nextImage } from "../../drills/disruption/manifest";

/** How a program takes the signals that can end it, where it differs from examples/hello. */
export interface Habits {
    /** SIGTERM ends it at once, open requests or not. */
    readonly abrupt: boolean;
    /** What its image says containers are ended with; containerd sends it in place of SIGTERM. */
    readonly stopSignal: NodeJS.Signals;
}

/** An image that stands in for one of a manifest's: its name, and what its program plays. */
export interface ImageSpec {
    /** As the manifest has it. */
    readonly image: string;
    /**
     * pause is a pod's sandbox; app answers "Hello, World!" and the paths of its probes; store acknowledges writes once they are on disk and gives them
     * back; task ends well at once.
     */
    readonly role: "pause" | "app" | "store" | "task";
    /** Port that it listens on; undefined where it listens nowhere. */
    readonly port: number | undefined;
    /** Paths that answer 200 for as long as it works: those of the liveness and the startup probe. */
    readonly livePaths: readonly string[];
    /** Path that answers 200 until it is told to end, then 503; undefined where no probe asks. */
    readonly readyPath: string | undefined;
    /** Folder of a store's data; undefined for all else. */
    readonly dataFolder: string | undefined;
    /** Absolute paths at which manifests expect its program. */
    readonly commands: readonly string[];
    /** Undefined where it ends as examples/hello does. */
    readonly habits: Habits | undefined;
    /** Time from its start until it listens, in seconds. */
    readonly startSeconds: number;
}

/** The sandbox of every pod; `sandbox_image` of containerd's configuration must name it. */
export const pause: ImageSpec = {
    image: "holdfast.local/pause:1",
    role: "pause",
    port: undefined,
    livePaths: [],
    readyPath: undefined,
    dataFolder: undefined,
    commands: [],
    habits: undefined,
    startSeconds: 0,
};

/** The same image under another tag, whose program listens only after a time, in seconds: it is slow to start. */
export function slowImage(spec: ImageSpec, startSeconds: number): ImageSpec {
    return { ...spec, image: otherTag(spec.image, "slow"), startSeconds };
}

/** The same image under the tag of a next release, for rolling updates. */
export function nextRelease(spec: ImageSpec): ImageSpec {
    return { ...spec, image: nextImage(spec.image) };
}
