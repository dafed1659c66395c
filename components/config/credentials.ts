/**
 * Values that are credentials by their own form, whatever they are called. Only forms that their issuer
 * documents, or that a standard defines, are in the table: a guess by length or randomness would refuse
 * digests and ids.
 */
interface CredentialForm {
    /** What such a value is, with its article. */
    readonly what: string;
    readonly form: RegExp;
}

const forms: readonly CredentialForm[] = [
    {
        // RFC 3986, 3.2.1: user information before the host, with a password after its colon. What stands for
        // a password that is put in later is none: "${DB_PASSWORD}", "{{ password }}", "<password>", "%s", "***".
        what: "a URL with a password",
        form: /\b[a-z][-+.a-z0-9]{0,30}:\/\/[^\s/?#:@"'`<>\\,;]{0,255}:(?!\$[({A-Z_]|\{|%[s(]|\*+@)[^\s/?#@"'`<>\\]{1,255}@/i,
    },
    {
        // RFC 7468, 10 and 11, and the older labels before PRIVATE KEY; RFC 9580, 6.2: PGP's.
        what: "a private key",
        form: /-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----/,
    },
    {
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
        what: "an AWS access key",
        form: /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/,
    },
    {
        // https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats
        what: "a GitHub token",
        form: /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9_]{36}|github_pat_[A-Za-z0-9_]{22})/,
    },
    {
        // https://docs.gitlab.com/security/tokens/
        what: "a GitLab token",
        form: /(?<![A-Za-z0-9])gl(?:pat|dt|rt|ptt|soat)-[-\w]{20}/,
    },
    {
        // https://api.slack.com/concepts/token-types
        what: "a Slack token",
        form: /(?<![A-Za-z0-9])(?:xox[abeoprs](?:\.xox[bp])?-\d[-\w]{9}|xapp-\d-[-\w]{10})/,
    },
    {
        // https://cloud.google.com/docs/authentication/api-keys: 39 characters.
        what: "a Google API key",
        form: /(?<![-\w])AIza[-\w]{35}(?![-\w])/,
    },
    {
        // https://docs.stripe.com/keys: secret and restricted keys; publishable ones (pk_) may be seen.
        what: "a Stripe key",
        form: /(?<![A-Za-z0-9])[rs]k_(?:live|test)_[A-Za-z0-9]{16}/,
    },
    {
        // RFC 7519, in the compact form of RFC 7515, 3.1: three parts of base64url, and {" is eyJ in it.
        what: "a JSON Web Token",
        form: /(?<![-\w])eyJ[-\w]{8,4096}\.eyJ[-\w]{8,8192}\.[-\w]{16}/,
    },
];

/** What kind of credential stands in a text ("a GitHub token"); undefined where none does. */
export function credentialIn(text: string): string | undefined {
    return forms.find(({ form }) => form.test(text))?.what;
}

/** Words at the end of a name which say that the value is about a secret, and is none. */
const aboutSecrets =
    /_(FILE|PATH|DIR|NAME|TTL|SECONDS|MINUTES|HOURS|DAYS|AGE|LENGTH|SIZE|COUNT|LIMIT|URL|URI|ENDPOINT|ISSUER|AUDIENCE|TYPE|ALGORITHM|EXPIRY|ENABLED|REQUIRED)$/;

/** Words of names that hold secrets; anchored at word ends so that KEYBOARD or TOKENIZER pass. */
const secretWords =
    /(^|_)([A-Z]*PASSWORDS?|[A-Z]*PASSWD|PASSPHRASE|PASSCODE|[A-Z]*SECRETS?|TOKEN|CREDENTIALS?|(API|ACCESS|PRIVATE|SECRET|SIGNING|ENCRYPTION|MASTER)_?KEYS?)(_|$)|_(PASS|PWD)$/;

/** Whether a variable's name says that it holds a secret: `DB_PASSWORD`, `apiKey`, `TOKEN2`. */
export function soundsSecret(name: string): boolean {
    const words = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/(?<=[A-Za-z])\d+(?=_|$)/g, "").toUpperCase();
    return secretWords.test(words) && !aboutSecrets.test(words);
}
