// What this can't prove: that AWS answers so. Its load balancers are made up, its endpoints are servers on loopback, and its checks ask more often
// than any on AWS may.
import assert from "node:assert/strict";
import { Resolver } from "node:dns/promises";

import { startNameServer } from "../../../drill/live/dns/server";
import { type Names, type NamesOptions, ensureOneClusterEach, serveNames } from "../../../drill/live/names";
import type { LiveSite } from "../../../drill/live/site";
import type { NameAnswer, OpenDoor } from "../../../drill/live/wayIn";
import { freePort } from "../../../drill/process/ports";
import { checkersOfEach } from "../../../drill/standIns/route53";
import { Unplayable } from "../../../drill/live/unplayable";
import { Opened, loopback, soon } from "./clientsServers";

const shared = "shop.example.com";

interface Resource {
    readonly type: string;
    readonly name: string;
    readonly urn: string;
    readonly inputs: object;
    readonly provider: string | null;
    readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

function resource(type: string, name: string, inputs: object, propertyDependencies: Resource["propertyDependencies"] = {}, provider: string | null = null): Resource {
    return { type, name, urn: name, inputs, provider, propertyDependencies };
}

/** A cluster's part of the failover, as a plan has it: its load balancer, its own name, its check and its record. */
function recordsOf(cluster: string, role: "PRIMARY" | "SECONDARY", port: number): readonly Resource[] {
    const fqdn = `${cluster}.${shared}`;
    const [door, check] = [`${cluster}-door`, `${cluster}-check`];
    return [
        resource("kubernetes:core/v1:Service", door, {}, {}, `urn::${cluster}-kubernetes`),
        resource("aws:route53/healthCheck:HealthCheck", check, { type: "HTTP", fqdn, port, resourcePath: "/readyz", requestInterval: 0.2, failureThreshold: 1 }),
        resource("aws:route53/record:Record", `${cluster}-own`, { name: fqdn, ttl: 60 }, { records: [door] }),
        resource(
            "aws:route53/record:Record",
            `${cluster}-answer`,
            { name: shared, setIdentifier: cluster, failoverRoutingPolicies: [{ type: role }], ...(role === "PRIMARY" ? { aliases: [{ evaluateTargetHealth: true }] } : { ttl: 30 }) },
            { healthCheckId: [check], [role === "PRIMARY" ? "aliases" : "records"]: [door] },
        ),
    ];
}

/** A cluster as far as names lead to it. What its load balancers' names lead to, and how many targets they have, a test can change. */
class FakeSite {
    readonly answers = new Map<string, NameAnswer>();
    targets = 3;

    constructor(
        readonly name: string,
        readonly doors: readonly Partial<OpenDoor>[],
    ) {}

    get site(): LiveSite {
        const wayIn = { lookup: (hostname: string) => this.answers.get(hostname), healthyTargets: () => this.targets };
        return { name: this.name, ours: { doors: this.doors }, wayIn } as unknown as LiveSite;
    }
}

describe("names in a world", () => {
    const opened = new Opened();
    afterEach(() => opened.close());

    let east: FakeSite;
    let central: FakeSite;
    beforeEach(() => {
        east = new FakeSite("east", [
            { object: "Ingress", hosts: [shared, `east.${shared}`], hostname: "ingress.east.invalid", addresses: [] },
            { object: "Service", hosts: [], hostname: "service.east.invalid", addresses: [] },
        ]);
        east.answers.set("ingress.east.invalid", { addresses: [loopback, "127.0.0.3"], ttlSeconds: 60 });
        east.answers.set("service.east.invalid", { addresses: ["127.0.0.4"], ttlSeconds: 60 });
        // No Ingress: its own name is a record of the plan, and routed by nobody.
        central = new FakeSite("central", [{ object: "Service", hosts: [], hostname: undefined, addresses: [{ zone: undefined, address: "127.0.0.2" }] }]);
    });

    const serve = async (sites: readonly FakeSite[], resources: readonly Resource[], domain: string | undefined): Promise<Names & { readonly ask: (name: string) => Promise<string> }> => {
        const planned = { config: { failover: domain === undefined ? undefined : { domain } }, recording: { resources } } as unknown as NamesOptions["planned"];
        const names = await serveNames({ planned, sites: sites.map(({ site }) => site), address: loopback, port: await freePort(), signal: new AbortController().signal });
        opened.later(() => names.stop().catch(() => undefined));
        const resolver = new Resolver({ timeout: 2000, tries: 1 });
        resolver.setServers([`${names.server.address}:${names.server.port}`]);
        /** "127.0.0.2 for 60 s", or why not. */
        const ask = async (name: string): Promise<string> => {
            try {
                const records = await resolver.resolve4(name, { ttl: true });
                return `${records.map(({ address }) => address).join(" ")} for ${[...new Set(records.map(({ ttl }) => ttl))].join()} s`;
            } catch (error) {
                return error instanceof Error && "code" in error ? String(error.code) : String(error);
            }
        };
        return { ...names, ask };
    };

    /** Both clusters under one name, with endpoints that answer. Returns what a test changes. */
    const failover = async (): Promise<{ readonly names: Awaited<ReturnType<typeof serve>>; readonly statuses: Map<string, number>; readonly asked: ReadonlySet<string> }> => {
        const statuses = new Map<string, number>();
        const asked = new Set<string>();
        const endpointOf = (cluster: string): Parameters<Opened["http"]>[0] => (request, response) => {
            asked.add(`${cluster} at ${request.socket.localAddress ?? ""}`);
            response.statusCode = statuses.get(cluster) ?? 200;
            response.end();
        };
        const port = await opened.http(endpointOf("east"));
        await opened.http(endpointOf("east"), { address: "127.0.0.3", port });
        await opened.http(endpointOf("central"), { address: "127.0.0.2", port });
        const names = await serve([east, central], [...recordsOf("east", "PRIMARY", port), ...recordsOf("central", "SECONDARY", port)], shared);
        return { names, statuses, asked };
    };

    it("lead to the primary while it is well, and to each cluster by its own name, routed by an Ingress or not", async () => {
        const { names } = await failover();
        assert.equal(await names.ask(shared), "127.0.0.1 127.0.0.3 for 60 s");
        assert.equal(await names.ask(`east.${shared}`), "127.0.0.1 127.0.0.3 for 60 s");
        assert.equal(await names.ask(`central.${shared}`), "127.0.0.2 for 60 s");
        assert.equal(await names.ask("service.east.invalid"), "127.0.0.4 for 60 s");
        assert.deepEqual([names.domain, names.dns?.answers.length, names.route53?.rotation()], [shared, 2, ["east"]]);
    });

    it("are not there for what nobody has", async () => {
        const { names } = await failover();
        assert.deepEqual(await Promise.all(["west.shop.example.com", "example.com", "other.invalid"].map(names.ask)), ["ENOTFOUND", "ENOTFOUND", "ENOTFOUND"]);
    });

    it("are asked for by health checks, at every address that they lead to", async () => {
        const { names, asked } = await failover();
        await soon("each address is asked", () => asked.size === 3);
        assert.deepEqual([...asked].sort(), ["central at 127.0.0.2", "east at 127.0.0.1", "east at 127.0.0.3"]);
        assert.deepEqual([names.route53?.checkers("east"), names.route53?.checkers("central")], [checkersOfEach, checkersOfEach]);
    });

    it("lead elsewhere once the primary answers that it is not well, for as long as that record says", async () => {
        const { names, statuses } = await failover();
        statuses.set("east", 503);
        await soon("the name moves", () => names.route53?.rotation().join() === "central");
        assert.equal(await names.ask(shared), "127.0.0.2 for 30 s");
        // Its own name stays: by it clients see that it is not well.
        assert.equal(await names.ask(`east.${shared}`), "127.0.0.1 127.0.0.3 for 60 s");
    });

    it("lead elsewhere where the primary's load balancer has no healthy target, as its record goes by that too", async () => {
        const { names } = await failover();
        east.targets = 0;
        await soon("the name moves", () => names.route53?.rotation().join() === "central");
        east.targets = 1;
        await soon("the name moves back", () => names.route53?.rotation().join() === "east");
    });

    it("leave out what their load balancer leaves out, as when a zone is lost", async () => {
        const { names } = await failover();
        east.answers.set("ingress.east.invalid", { addresses: ["127.0.0.3"], ttlSeconds: 60 });
        assert.deepEqual(await Promise.all([shared, `east.${shared}`, "ingress.east.invalid"].map(names.ask)), ["127.0.0.3 for 60 s", "127.0.0.3 for 60 s", "127.0.0.3 for 60 s"]);
    });

    it("lead to the one cluster of a stack without failover, and nobody checks it", async () => {
        const names = await serve([east], [], undefined);
        assert.deepEqual([names.domain, names.dns, names.route53], [undefined, undefined, undefined]);
        assert.equal(await names.ask(shared), "127.0.0.1 127.0.0.3 for 60 s");
    });

    it("are nobody's once they are stopped", async () => {
        const { names } = await failover();
        const { port } = names.server;
        await names.stop();
        const next = await startNameServer({ address: loopback, port, answer: () => undefined });
        await next.close();
    });
});

describe("a host that several clusters route", () => {
    const both = [{ cluster: "east", hosts: [shared, `east.${shared}`] }, { cluster: "west", hosts: [shared, `west.${shared}`] }];

    it("is failover's to lead, and nobody's without: a client would come in by another cluster than the one that is lost", () => {
        ensureOneClusterEach(both, shared);
        assert.throws(() => { ensureOneClusterEach(both, undefined); }, (error: unknown) => error instanceof Unplayable && error.message.startsWith("shop.example.com is routed by east and west, and nothing says which of them it leads to: "));
        ensureOneClusterEach(both.slice(0, 1), undefined);
    });
});
