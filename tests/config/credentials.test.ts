// What this cannot prove: that a value of another form is no secret.
import assert from "node:assert/strict";

import fc from "fast-check";

import { credentialIn, soundsSecret } from "../../components/config/credentials";
import { change, errorOf, full, pathsOf } from "./support";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const digits = "0123456789";
const alphanumeric = `${letters}${letters.toLowerCase()}${digits}`;
const of = (alphabet: string, minLength: number, maxLength = minLength) => fc.string({ unit: fc.constantFrom(...Array.from(alphabet)), minLength, maxLength });
const base64url = (minLength: number, maxLength: number) => of(`${alphanumeric}-_`, minLength, maxLength);

/** What each form is called, and values of it as their issuers make them. */
const credentials: Readonly<Record<string, fc.Arbitrary<string>>> = {
    "a URL with a password": fc
        .tuple(fc.constantFrom("postgres", "mysql", "redis", "amqp", "mongodb+srv", "https", "jdbc:postgresql"), of(alphanumeric, 0, 12), of(`${alphanumeric}!-._~+*%&`, 1, 20).filter(text => /^\w/.test(text)), fc.domain())
        .map(([scheme, user, password, host]) => `${scheme}://${user}:${password}@${host}/shop`),
    "a private key": fc
        .tuple(fc.constantFrom("", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED ", "DSA "), base64url(20, 60))
        .map(([kind, body]) => `-----BEGIN ${kind}PRIVATE KEY-----\n${body}\n-----END ${kind}PRIVATE KEY-----\n`),
    "an AWS access key": fc.tuple(fc.constantFrom("AKIA", "ASIA"), of(`${letters}234567`, 16)).map(parts => parts.join("")),
    "a GitHub token": fc.oneof(
        fc.tuple(fc.constantFrom("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), of(alphanumeric, 36)).map(parts => parts.join("")),
        fc.tuple(of(alphanumeric, 22), of(alphanumeric, 59)).map(parts => `github_pat_${parts.join("_")}`),
    ),
    "a GitLab token": base64url(20, 30).map(body => `glpat-${body}`),
    "a Slack token": fc.oneof(
        fc.tuple(of(digits, 12), of(digits, 13), of(alphanumeric, 24)).map(parts => `xoxb-${parts.join("-")}`),
        fc.tuple(of(digits, 11), of(digits, 10), of(digits, 11), of("0123456789abcdef", 32)).map(parts => `xoxp-${parts.join("-")}`),
        fc.tuple(of(`${letters}${digits}`, 11), of(digits, 13), of("0123456789abcdef", 64)).map(parts => `xapp-1-${parts.join("-")}`),
    ),
    "a Google API key": base64url(35, 35).map(body => `AIza${body}`),
    "a Stripe key": fc.tuple(fc.constantFrom("sk_live_", "rk_live_", "sk_test_"), of(alphanumeric, 24, 99)).map(parts => parts.join("")),
    "a JSON Web Token": fc
        .tuple(fc.constantFrom("HS256", "RS256"), fc.string({ minLength: 1, maxLength: 20 }), base64url(43, 86))
        .map(([alg, sub, signature]) => [{ alg, typ: "JWT" }, { sub }].map(part => Buffer.from(JSON.stringify(part)).toString("base64url")).concat(signature).join(".")),
};

/** What stands before a credential in a value or a file, and after it. */
const before = fc.constantFrom("", " ", "\n", '"', "'", "=", "key = ", "Bearer ", "\t# ");
const after = fc.constantFrom("", " ", "\n", '"', "'", ";", ", ", "\r\n[next]");

/** Values that are long, random or look like an address, and are no credentials. */
const plain: fc.Arbitrary<string> = fc.oneof(
    of("0123456789abcdef", 64).map(hex => `sha256:${hex}`),
    of("0123456789abcdef", 40),
    fc.uuid(),
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc.emailAddress(),
    fc.ipV4().map(ip => `${ip}:5432`),
    fc.domain().map(host => `postgres://shop@${host}:5432/shop?sslmode=require`),
    fc.tuple(fc.domain(), fc.domain()).map(([a, b]) => `PLAINTEXT://${a}:9092,EXTERNAL://${b}:9094`),
    fc.tuple(fc.domain(), of("0123456789abcdef", 64)).map(([host, hex]) => `${host}/shop:1.2.3@sha256:${hex}`),
    fc.tuple(fc.webUrl(), fc.emailAddress()).map(([url, mail]) => JSON.stringify({ url, port: 8080, mail })),
    fc.constantFrom("postgres://shop:${DB_PASSWORD}@db/shop", "amqp://shop:$(PASSWORD)@mq", "redis://:<password>@cache", "mysql://root:{{ password }}@db", "https://user:***@host", "arn:aws:iam::123456789012:role/platform"),
    fc.constantFrom("-----BEGIN CERTIFICATE-----\nMIIB\n", "-----BEGIN PUBLIC KEY-----\nMIIB\n", "pk_live_abcdefghijklmnop", "AKIA-LIKE", "TODAYINASIAASACKOFRICEFELLOVER", "xoxb-my-bot-token", "eyJhbGciOiJub25lIn0"),
    fc.lorem({ maxCount: 30 }),
    fc.base64String({ minLength: 20, maxLength: 60 }),
);

describe("credentials", () => {
    for (const [what, values] of Object.entries(credentials)) {
        it(`${what} is told by its form, wherever in a text it stands`, () => {
            fc.assert(fc.property(values, before, after, (value, head, tail) => { assert.equal(credentialIn(`${head}${value}${tail}`), what); }));
        });

        it(`${what} is refused in a plain variable, a plain file and a command, and not shown`, () => {
            fc.assert(
                fc.property(values, fc.constantFrom("app.env.PLAIN", "app.files.data.conf", "app.jobs[0].command[0]", "app.image"), (value, path) => {
                    const error = errorOf(change(full, path, value));
                    assert.deepEqual(pathsOf(error), [path]);
                    assert.ok(!error.message.includes(value.slice(-12)), error.message);
                    assert.ok(error.message.includes(` ${what}`), error.message);
                }),
                { numRuns: 12 },
            );
        });
    }

    it("are not what is long, random, or an address", () => {
        fc.assert(fc.property(plain, before, (value, head) => { assert.equal(credentialIn(`${head}${value}`), undefined); }), { numRuns: 500 });
    });

    it("are looked for in a time that grows with the text alone", () => {
        for (const part of ["a.", "a://", "-eyJ", "eyJa.", "-----BEGIN A ", "x:y@", "AKIA", "xoxb-1", "http://a:"]) {
            const started = performance.now();
            credentialIn(part.repeat(100_000 / part.length));
            assert.ok(performance.now() - started < 2000, part);
        }
    });
});

describe("names that sound secret", () => {
    const word = fc.stringMatching(/^[A-Z]{2,6}$/);
    const secretWord = fc.constantFrom("PASSWORD", "PASSWD", "SECRET", "TOKEN", "CREDENTIALS", "API_KEY", "APIKEY", "ACCESS_KEY", "PRIVATE_KEY", "PASSPHRASE");

    it("have a secret's word, in whatever case and place", () => {
        fc.assert(
            fc.property(word, secretWord, fc.nat(9), (owner, secret, number) => {
                for (const name of [secret, `${owner}_${secret}`, `${owner}_${secret}_${number}`, `${owner}_${secret}${number}`, `${owner}_${secret}`.toLowerCase(), `${secret}_OLD`]) {
                    assert.ok(soundsSecret(name), name);
                }
            }),
        );
        for (const name of ["dbPassword", "apiKey", "clientSecret", "PGPASSWORD", "DB_PASS", "DB_PWD", "SECRET_KEY_BASE"]) {
            assert.ok(soundsSecret(name), name);
        }
    });

    it("do not merely hold its letters, nor name what is about a secret", () => {
        fc.assert(
            fc.property(word, secretWord, fc.constantFrom("FILE", "PATH", "TTL", "URL", "MIN_LENGTH", "ISSUER"), (owner, secret, last) => {
                assert.ok(!soundsSecret(`${owner}_${secret}_${last}`));
            }),
        );
        for (const name of ["KEYBOARD", "TOKENIZER", "SECRETARY", "MAX_TOKENS", "BYPASS", "COMPASS", "PWD", "OLDPWD", "PASSENGER", "AUTHOR", "MONKEY"]) {
            assert.ok(!soundsSecret(name), name);
        }
    });
});
