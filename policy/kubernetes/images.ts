import { image as pinnedImage } from "../../components/config/values";
import { type Rule, shown } from "../rule";
import { isUnknown } from "../values";
import { containerRule } from "./podRule";

/** What containers run. How an image is pulled is left open: pinned, what a node has is right, also while the registry is down. */
export const images: readonly Rule[] = [
    containerRule(
        {
            name: "image-pinned",
            level: "mandatory",
            why: "What such an image is changes under the app: a restart may bring a version that nobody tested, and a rollback the same again.",
            ids: ["CKV_K8S_14", "kube-score container-image-tag"],
            fix: "name the version that was tested by a tag other than latest, or by digest (image@sha256:…)",
        },
        ({ image }) => (isUnknown(image) || pinnedImage.safeParse(image).success ? undefined : `image is ${shown(image)}`),
    ),
    containerRule(
        {
            name: "image-pullable",
            level: "advisory",
            // https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy
            why: "With Never, a pod starts only on nodes that have the image already: replacements on new nodes fail.",
            ids: [],
            fix: "set imagePullPolicy to IfNotPresent",
        },
        ({ imagePullPolicy }) => (imagePullPolicy === "Never" ? "imagePullPolicy is Never" : undefined),
    ),
];
