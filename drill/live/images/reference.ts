/** The parts of an image's name. */
interface Reference {
    /** With its registry: docker.io/library/nginx. */
    readonly repository: string;
    readonly tag: string | undefined;
    /** With its algorithm: sha256:…. */
    readonly digest: string | undefined;
}

/** Registry of a name without one, and the one's older name. */
const defaultRegistry = "docker.io";
const formerRegistry = "index.docker.io";

/**
 * Takes an image's name apart, and completes it as container runtimes do
 * (`ParseNormalizedNamed` of https://github.com/distribution/reference/blob/main/normalize.go).
 */
function parseReference(image: string): Reference {
    const [named = image, digest] = image.split("@");
    const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
    const path = colon < 0 ? named : named.slice(0, colon);
    const slash = path.indexOf("/");
    const first = path.slice(0, Math.max(slash, 0));
    const isRegistry = first === "localhost" || /[.:]/.test(first) || first !== first.toLowerCase();
    const registry = !isRegistry || first === formerRegistry ? defaultRegistry : first;
    const remote = isRegistry ? path.slice(slash + 1) : path;
    const repository = registry === defaultRegistry && !remote.includes("/") ? `library/${remote}` : remote;
    return { repository: `${registry}/${repository}`, tag: colon < 0 ? undefined : named.slice(colon + 1), digest };
}

/** Name of an image without its tag and its digest, complete: docker.io/library/nginx. */
export function repositoryOf(image: string): string {
    return parseReference(image).repository;
}

/**
 * Name that containerd looks an image up by: with its digest where it has one, else with its tag, else with `latest`
 * (`ParseDockerRef`, in the same file). A stand-in's content never has the digest that a manifest asks for. That goes unnoticed: what is
 * imported is looked up by its name alone, and a digest is compared with the content only where an image is pulled.
 */
export function storedName(image: string): string {
    const { repository, tag, digest } = parseReference(image);
    return digest === undefined ? `${repository}:${tag ?? "latest"}` : `${repository}@${digest}`;
}

/**
 * Whether a kubelet asks the registry each time, where the manifest does not say: for the tag `latest`, and for a name with neither tag nor digest
 * (https://kubernetes.io/docs/concepts/containers/images/#imagepullpolicy-defaulting).
 */
export function isAlwaysPulled(image: string): boolean {
    const { tag, digest } = parseReference(image);
    return digest === undefined && (tag ?? "latest") === "latest";
}
