import { type Expression, field } from "./stage";

/** What is wrong with an image whose tag contains one of these. */
const imageFaults = {
    /** It can't be pulled: the pod stays in ImagePullBackOff. */
    unpullable: "drill-unpullable",
    /** It starts, but its readiness probe never succeeds. */
    unready: "drill-unready",
} as const;

/** The image with a fault: its tag gets the fault's name. */
export function faultyImage(image: string, fault: keyof typeof imageFaults): string {
    return otherTag(image, imageFaults[fault]);
}

/** The image under another tag: the tag that it has gets one more word, or the word is its tag; its digest goes. */
export function otherTag(image: string, word: string): string {
    const [named = image] = image.split("@");
    const tagged = named.slice(named.lastIndexOf("/") + 1).includes(":");
    return `${named}${tagged ? "-" : ":"}${word}`;
}

/** jq's: true where a container's image has the fault. */
const hasFault = (fault: keyof typeof imageFaults): string => `[.spec.containers[].image | test(":[^/]*${imageFaults[fault]}")] | any`;
/** No container has the fault. */
export const sound = (fault: keyof typeof imageFaults): Expression => field(hasFault(fault), "NotIn", "true");
/** A container has the fault. */
export const faulty = (fault: keyof typeof imageFaults): Expression => field(hasFault(fault), "In", "true");
