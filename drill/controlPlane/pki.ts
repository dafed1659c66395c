import { generateKeyPairSync, randomBytes } from "node:crypto";
import { chmodSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";

import { generate } from "selfsigned";

import { loopback } from "../process/ports";

/** A certificate and its key, both PEM. */
export interface Certificate {
    readonly certificate: string;
    readonly key: string;
}

/** An authority that issues certificates for as long as a drill lasts. */
export class Authority {
    private constructor(private readonly own: Certificate) {}

    static async create(name: string): Promise<Authority> {
        const { cert, private: key } = await generate([{ name: "commonName", value: name }], {
            ...algorithm,
            extensions: [
                { name: "basicConstraints", cA: true, critical: true },
                { name: "keyUsage", keyCertSign: true, cRLSign: true, digitalSignature: true, critical: true },
            ],
        });
        return new Authority({ certificate: cert, key });
    }

    /** The authority's own certificate, PEM. */
    get certificate(): string {
        return this.own.certificate;
    }

    /** A certificate for a server that answers by these DNS names and addresses, and on loopback. */
    server(...names: readonly [string, ...string[]]): Promise<Certificate> {
        const altNames = [...new Set([...names, "localhost", loopback])].map(name => (isIP(name) === 0 ? { type: 2 as const, value: name } : { type: 7 as const, ip: name }));
        return this.#issue(names[0], [
            { name: "extKeyUsage", serverAuth: true },
            { name: "subjectAltName", altNames },
        ]);
    }

    client(commonName: string): Promise<Certificate> {
        return this.#issue(commonName, [{ name: "extKeyUsage", clientAuth: true }]);
    }

    async #issue(commonName: string, extensions: Extensions): Promise<Certificate> {
        const { cert, private: key } = await generate([{ name: "commonName", value: commonName }], {
            ...algorithm,
            ca: { cert: this.own.certificate, key: this.own.key },
            extensions: [{ name: "basicConstraints", cA: false }, { name: "keyUsage", digitalSignature: true, critical: true }, ...extensions],
        });
        return { certificate: cert, key };
    }
}

type Extensions = NonNullable<NonNullable<Parameters<typeof generate>[1]>["extensions"]>;

const algorithm = { keyType: "ec", curve: "P-256", algorithm: "sha256" } as const;

/** A user of a control plane's API, by the name and groups that Kubernetes' built-in roles are bound to. */
export interface User {
    readonly name: string;
    readonly groups: readonly string[];
}

/** Users that every control plane knows. */
export const users = {
    admin: { name: "holdfast:admin", groups: ["system:masters"] },
    scheduler: { name: "system:kube-scheduler", groups: [] },
    controllerManager: { name: "system:kube-controller-manager", groups: [] },
    kwok: { name: "holdfast:kwok", groups: [] },
} as const satisfies Record<string, User>;

/** A secret token for each user, by the user's name. */
export type Tokens = ReadonlyMap<string, string>;

export function makeTokens(known: readonly User[]): Tokens {
    return new Map(known.map(({ name }) => [name, randomBytes(24).toString("base64url")]));
}

/** The API server's file of tokens: token, user, id, "group,…" (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#static-token-file). */
export function tokenFile(known: readonly User[], tokens: Tokens): string {
    return known.map(({ name, groups }) => `${tokens.get(name) ?? ""},${name},${name},"${groups.join(",")}"\n`).join("");
}

/** Paths of what the components prove who they are with. */
export interface Pki {
    readonly authority: Authority;
    /** Authority of the API server's own identity towards aggregated APIs, PEM. */
    readonly frontProxyAuthority: string;
    readonly tokens: Tokens;
    readonly files: Readonly<Record<"ca" | "serverCertificate" | "serverKey" | "frontProxyCa" | "frontProxyCertificate" | "frontProxyKey" | "serviceAccountKey" | "tokens", string>>;
}

/** Name that aggregated APIs know the API server by. */
export const frontProxyName = "front-proxy-client";

export interface PkiOptions {
    /** Address that the API server listens on. */
    readonly address: string;
    /** Users beside those that every control plane knows. */
    readonly members: readonly User[];
}

/** Makes all keys and certificates of a control plane in a folder, for its owner's eyes only. */
export async function makePki(folder: string, { address, members }: PkiOptions): Promise<Pki> {
    const [authority, frontProxy] = await Promise.all([Authority.create("holdfast-drill"), Authority.create("holdfast-drill-front-proxy")]);
    const [server, client] = await Promise.all([
        authority.server("kube-apiserver", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", address),
        frontProxy.client(frontProxyName),
    ]);
    // The API server takes the public key from the private one, but not out of PKCS #8.
    const serviceAccountKey = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "sec1", format: "pem" });
    const known = [...Object.values(users), ...members];
    const tokens = makeTokens(known);
    const save = (name: string, text: string | Buffer): string => {
        const path = join(folder, name);
        writeFileSync(path, text);
        chmodSync(path, 0o600);
        return path;
    };
    return {
        authority,
        frontProxyAuthority: frontProxy.certificate,
        tokens,
        files: {
            ca: save("ca.crt", authority.certificate),
            serverCertificate: save("apiserver.crt", server.certificate),
            serverKey: save("apiserver.key", server.key),
            frontProxyCa: save("front-proxy-ca.crt", frontProxy.certificate),
            frontProxyCertificate: save("front-proxy-client.crt", client.certificate),
            frontProxyKey: save("front-proxy-client.key", client.key),
            serviceAccountKey: save("service-account.key", serviceAccountKey),
            tokens: save("tokens.csv", tokenFile(known, tokens)),
        },
    };
}
