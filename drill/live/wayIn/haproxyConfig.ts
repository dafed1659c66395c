import type { Door, Listen, TargetCheck } from "./door";
import { type DoorAddress, type Pool, poolBehind } from "./pools";

/** Targets that a pool can have at a time, leaving ones included. */
export const slotCount = 32;

/** Names of HAProxy's sections for a pool, and of its servers. */
export const sections = {
    /** Servers that get traffic; their health follows the checked ones. */
    traffic: (pool: Pick<Pool, "id">): string => pool.id,
    /** The same servers as they are checked: a backend of its own, so that a check's timeouts are not the traffic's. */
    checks: (pool: Pick<Pool, "id">): string => `check-${pool.id}`,
    /** The same servers without a check, for when none is healthy. */
    open: (pool: Pick<Pool, "id">): string => `open-${pool.id}`,
    server: (slot: number): string => `s${slot}`,
} as const;

/** What a configuration is written from. */
export interface HaproxyOptions {
    readonly doors: readonly { readonly door: Door; readonly addresses: readonly DoorAddress[] }[];
    readonly pools: readonly Pool[];
    /** Unix socket for HAProxy's Runtime API. */
    readonly socket: string;
    /** PEM file with certificate and key, for listeners with TLS. */
    readonly certificateFile: string;
}

/** Where an empty slot leads: nowhere. It is in maintenance as long as it is empty. */
const nowhere = "127.0.0.1:9";

/**
 * HAProxy's configuration for a cluster's doors (https://docs.haproxy.org/2.6/configuration.html). It has no targets: they come and go by the
 * Runtime API, into numbered slots. One thread: a drill's load is small, and the machine is too.
 */
export function haproxyConfig({ doors, pools, socket, certificateFile }: HaproxyOptions): string {
    const frontends = doors.flatMap(({ door, addresses }, index) =>
        door.listens.flatMap(listen => addresses.map((address, place) => frontend(`in-${index}-${listen.port}-${place}`, door, listen, address, pools, certificateFile))),
    );
    return [global(socket), ...frontends, ...pools.flatMap(backends)].map(lines => `${lines.join("\n")}\n`).join("\n");
}

function global(socket: string): readonly string[] {
    return [
        "global",
        // A request of a drill that waits for a silent target holds one for a while; each takes two file descriptors, of which systems allow 4096 at least.
        ...indented("maxconn 1500", "nbthread 1", `stats socket ${socket} mode 600 level admin`),
        "",
        "defaults",
        ...indented("mode tcp", "timeout connect 5s", "timeout client 60s", "timeout server 60s", "timeout http-request 10s"),
    ];
}

function frontend(name: string, door: Door, { port, tls, redirect = false, servicePort }: Listen, address: DoorAddress, pools: readonly Pool[], certificateFile: string): readonly string[] {
    const secure = tls ? ` ssl crt ${certificateFile} alpn h2,http/1.1 ssl-min-ver TLSv1.2` : "";
    const head = [`mode ${door.mode}`, `bind ${address.address}:${port}${secure}`, `timeout client ${door.idleSeconds}s`];
    if (redirect || servicePort === undefined) {
        return [`frontend ${name}`, ...indented(...head, "http-request redirect scheme https code 301")];
    }
    const pool = poolBehind(pools, door, servicePort, address);
    const hosts = door.hosts.length === 0 ? [] : [`http-request return status 404 content-type text/plain string "no such host" unless { req.hdr(host),field(1,:),lower -m str ${door.hosts.join(" ")} }`];
    const open = door.failsOpen ? [`use_backend ${sections.open(pool)} if { nbsrv(${sections.traffic(pool)}) eq 0 } { nbsrv(${sections.open(pool)}) gt 0 }`] : [];
    return [`frontend ${name}`, ...indented(...head, ...hosts, ...open, `default_backend ${sections.traffic(pool)}`)];
}

function backends(pool: Pool): readonly (readonly string[])[] {
    const { door } = pool;
    const slots = [...Array(slotCount).keys()].map(slot => sections.server(slot + 1));
    const checks = sections.checks(pool);
    const ended = door.endsUnhealthy ? " on-marked-down shutdown-sessions" : "";
    const manner = [
        `mode ${door.mode}`,
        // A hash over clients (layer 4) spreads as chance does; layer 7 goes round.
        `balance ${door.mode === "tcp" ? "random(1)" : "roundrobin"}`,
        `retries ${door.retries}`,
        ...(door.retries > 0 ? ["option redispatch 1"] : []),
        `timeout connect ${door.connectSeconds}s`,
        `timeout server ${door.idleSeconds}s`,
    ];
    const traffic = [`backend ${sections.traffic(pool)}`, ...indented(...manner, ...slots.map(slot => `server ${slot} ${nowhere} track ${checks}/${slot} disabled${ended}`))];
    const open = [`backend ${sections.open(pool)}`, ...indented(...manner, ...slots.map(slot => `server ${slot} ${nowhere} disabled`))];
    return [checkBackend(checks, door.check), traffic, ...(door.failsOpen ? [open] : [])];
}

/**
 * Pauses between the checks of a target, in seconds, by which a silent one is found after at most interval × unhealthy + timeout: `usual`, and `near` while some of the checks that a verdict takes have
 * failed, or passed. HAProxy counts a pause from the end of a check, clouds an interval from its start: near a verdict the timeout is taken off. Where a check may take about as long as the interval that
 * leaves no pause; then a quarter of an interval is shared out, and taken off the usual pause.
 */
export function pausesOf({ intervalSeconds, timeoutSeconds, unhealthy }: Pick<TargetCheck, "intervalSeconds" | "timeoutSeconds" | "unhealthy">): { readonly usual: number; readonly near: number } {
    const repeats = Math.max(1, unhealthy - 1);
    const near = Math.max(intervalSeconds - timeoutSeconds, intervalSeconds / (4 * repeats));
    return { usual: intervalSeconds - (unhealthy - 1) * (near + timeoutSeconds - intervalSeconds), near };
}

/** The checks. A target that refuses is found sooner than in the cloud, by up to a timeout for each check after the first. */
function checkBackend(name: string, check: TargetCheck): readonly string[] {
    const { protocol, path = "/", statuses = "200-399", timeoutSeconds, unhealthy, healthy } = check;
    const ms = (seconds: number): string => `${Math.round(seconds * 1000)}ms`;
    const { usual, near } = pausesOf(check);
    const asks = protocol === "http" ? ["option httpchk", `http-check send meth GET uri ${path} ver HTTP/1.1 hdr Host health-check hdr Connection close`, `http-check expect status ${statuses}`] : ["option tcp-check"];
    return [
        `backend ${name}`,
        ...indented(
            "mode tcp",
            `timeout connect ${ms(timeoutSeconds)}`,
            `timeout check ${ms(timeoutSeconds)}`,
            ...asks,
            `server-template ${sections.server(1).slice(0, 1)} 1-${slotCount} ${nowhere} check inter ${ms(usual)} fastinter ${ms(near)} fall ${unhealthy} rise ${healthy} disabled`,
        ),
    ];
}

function indented(...lines: readonly string[]): readonly string[] {
    return lines.map(line => `    ${line}`);
}
