import { agentNamespace, ports } from "./places";

/** Fluent Bit's configuration, in its classic form: https://docs.fluentbit.io/manual/administration/configuring-fluent-bit/classic-mode. */

/** Where the agents ship to. */
export interface Endpoint {
    readonly host: string;
    readonly port: number;
    /** Whether they log in as a user; else by an API key. */
    readonly byUser: boolean;
    /** Whether an authority of its own signs the endpoint's certificate; else public ones do. */
    readonly ownAuthority: boolean;
}

/** What the configuration takes from its pod: variables, and directories. */
export const given = { node: "NODE_NAME", user: "LOG_USER", secret: "LOG_SECRET", buffer: "/buffer", authority: "/authority" } as const;

/** Lines that wait to be shipped, a node, in MiB: 7 hours at 20 kB/s. When it is full the oldest are dropped. */
export const bufferMib = 512;

/** Time for an agent that ends to ship what it holds, in seconds: its buffer ends with it. */
export const graceSeconds = 30;

type Entry = readonly [key: string, value: string | number];

function section(title: string, entries: readonly Entry[]): string {
    return [`[${title}]`, ...entries.map(([key, value]) => `    ${key} ${value}`)].join("\n");
}

/** The chart's four parts of the configuration. */
export function agentConfig(cluster: string, stream: string, endpoint: Endpoint): Readonly<Record<"service" | "inputs" | "filters" | "outputs", string>> {
    return { service: service(), inputs: inputs(), filters: filters(cluster), outputs: outputs(stream, endpoint) };
}

/** Chunks are about 2 MB (https://docs.fluentbit.io/manual/pipeline/buffering), so the 16 in memory are a sixth of its limit. */
function service(): string {
    return section("SERVICE", [
        ["Daemon", "Off"],
        ["Flush", 5],
        ["Grace", graceSeconds],
        ["Log_Level", "warn"],
        ["HTTP_Server", "On"],
        ["HTTP_Listen", "0.0.0.0"],
        ["HTTP_Port", ports.agent],
        ["Health_Check", "On"],
        ["storage.path", `${given.buffer}/chunks`],
        ["storage.max_chunks_up", 16],
        ["storage.backlog.mem_limit", "16M"],
        ["storage.backlog.flush_on_shutdown", "On"],
        ["storage.metrics", "On"],
        // By default a retry may wait 2000 s, long after an outage is over.
        ["scheduler.base", 3],
        ["scheduler.cap", 60],
    ]);
}

/** What containers write. The agents' own lines are left out: one that can't ship would write about it, and ship that. */
function inputs(): string {
    return section("INPUT", [
        ["Name", "tail"],
        ["Alias", "containers"],
        ["Tag", "kube.*"],
        ["Path", "/var/log/containers/*.log"],
        ["Exclude_Path", `/var/log/containers/*_${agentNamespace}_fluent-bit-*.log`],
        ["multiline.parser", "docker, cri"],
        ["DB", `${given.buffer}/tail.db`],
        // An agent that is made anew reads its node's files again: twice is better than never.
        ["Read_from_Head", "On"],
        ["Refresh_Interval", 5],
        ["Rotate_Wait", 30],
        ["Skip_Long_Lines", "On"],
        ["storage.type", "filesystem"],
    ]);
}

/** Names of namespace, pod and container stand in the file's name: nobody has to be asked, so the agents have no right in the cluster. */
function filters(cluster: string): string {
    const metadata = section("FILTER", [
        ["Name", "kubernetes"],
        ["Match", "kube.*"],
        ["Use_Tag_For_Meta", "On"],
    ]);
    const fields = section("FILTER", [
        ["Name", "modify"],
        ["Match", "kube.*"],
        ["Rename", "log message"],
        ["Remove", "_p"],
        ["Remove", "time"],
        ["Set", `cluster ${cluster}`],
        ["Set", `node \${${given.node}}`],
    ]);
    return `${metadata}\n\n${fields}`;
}

/**
 * Every line is tried until it is taken. Elasticsearch gives lines their ids: with ids of its own, Fluent Bit 5.1 tries for ever to ship
 * lines that are there already (https://github.com/fluent/fluent-bit/pull/11422). Answers may be as long as they are: one that is cut off
 * counts as a failure (https://github.com/fluent/fluent-bit/blob/v5.1.1/plugins/out_es/es.c).
 */
function outputs(stream: string, { host, port, byUser, ownAuthority }: Endpoint): string {
    const authority: readonly Entry[] = ownAuthority ? [["tls.ca_file", `${given.authority}/ca.crt`]] : [];
    const user: readonly Entry[] = [
        ["HTTP_User", `\${${given.user}}`],
        ["HTTP_Passwd", `\${${given.secret}}`],
    ];
    return section("OUTPUT", [
        ["Name", "es"],
        ["Alias", "elasticsearch"],
        ["Match", "kube.*"],
        ["Host", host],
        ["Port", port],
        ["tls", "On"],
        ["tls.verify", "On"],
        ["tls.verify_hostname", "On"],
        ...authority,
        ...(byUser ? user : [["HTTP_API_Key", `\${${given.secret}}`] as const]),
        ["Index", stream],
        ["Write_Operation", "create"],
        ["Suppress_Type_Name", "On"],
        ["Time_Key_Nanos", "On"],
        ["Compress", "gzip"],
        ["Buffer_Size", "False"],
        ["Retry_Limit", "no_limits"],
        ["storage.total_limit_size", `${bufferMib}M`],
    ]);
}
