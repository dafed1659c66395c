import { count } from "../words";

export { count };

/** US dollars with thousands separated: "$1,234.50". Written out so that no locale changes a page. */
export function usd(amount: number, decimals: 0 | 2 = 2): string {
    const [whole = "0", fraction] = Math.abs(amount).toFixed(decimals).split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
    return `${amount < 0 ? "\u2212" : ""}$${grouped}${fraction === undefined ? "" : `.${fraction}`}`;
}

/** "6 to 30 replicas", or "6 replicas" where the autoscaler has no room. */
export function replicaRange(min: number, max: number): string {
    return min === max ? count(min, "replica") : `${min} to ${max} replicas`;
}

/** "Kubernetes 1.35"; words such as "as it is" stay words. */
export function kubernetesVersion(version: string): string {
    return /^v?\d/.test(version) ? `Kubernetes ${version.replace(/^v/, "")}` : version;
}

/** The parts that say something, with a middle dot between them. */
export function dotted(...parts: readonly string[]): string {
    return parts.filter((part) => part !== "").join(" \u00b7 ");
}
