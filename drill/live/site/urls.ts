import type { OpenDoor } from "../wayIn";

/** Ports that a URL need not name. */
const defaultPorts: Readonly<Record<string, number>> = { http: 80, https: 443 };

/**
 * URL of the page behind a door: by TLS where the door has that, and by the host name that leads there alone.
 *
 * @param shared a name that leads to other clusters too; it is taken where there is no other.
 */
export function urlOf(door: OpenDoor, shared: string | undefined): string {
    const { hosts, hostname, addresses } = door;
    const host = hosts.find(name => name !== shared) ?? hosts[0] ?? hostname ?? addresses[0]?.address;
    if (host === undefined) {
        throw new Error("a load balancer has neither name nor address");
    }
    return urlFor(host, pagePort(door));
}

/** URL of a host's page on a port. */
export function urlFor(host: string, { port, tls }: OpenDoor["listens"][number]): string {
    const protocol = tls ? "https" : "http";
    return `${protocol}://${host}${port === defaultPorts[protocol] ? "" : `:${port}`}/`;
}

/** The port that a door takes requests for pages on: by TLS where it has that. */
export function pagePort({ listens }: OpenDoor): OpenDoor["listens"][number] {
    const listen = listens.find(({ tls }) => tls) ?? listens.find(({ redirect }) => redirect !== true);
    if (listen === undefined) {
        throw new Error("a load balancer listens on no port");
    }
    return listen;
}
