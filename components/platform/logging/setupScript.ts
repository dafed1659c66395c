import { agentUser, streamOf } from "./places";

/** What the setup reads: directories of its pod, and variables. */
export const setupPaths = { admin: "/admin", authority: "/authority", files: "/setup" } as const;
export const setupVariables = { store: "STORE", stream: "STREAM", handover: "HANDOVER", account: "ACCOUNT" } as const;

/**
 * Above Elasticsearch's own templates, which have up to 200
 * (https://elastic.co/docs/manage-data/lifecycle/data-stream/tutorial-create-data-stream-with-lifecycle).
 */
const templatePriority = 500;

/**
 * Files of the setup: requests to Elasticsearch, and the script that makes them.
 *
 * Retention is the lifecycle of the data stream: Elasticsearch deletes an index when its last line is as old as that. ECK's own way to say
 * so, StackConfigPolicy, takes an enterprise licence.
 */
export function setupFiles(cluster: string, retentionDays: number): Readonly<Record<string, string>> {
    const stream = streamOf(cluster);
    const lifecycle = { data_retention: `${retentionDays}d` };
    return {
        "lifecycle.json": JSON.stringify(lifecycle),
        // Adding lines is all: no reading, no changing, no deleting, not even the making of a stream.
        "role.json": JSON.stringify({ cluster: [], indices: [{ names: [stream], privileges: ["create_doc"] }] }),
        "template.json": JSON.stringify({
            index_patterns: [stream],
            priority: templatePriority,
            data_stream: {},
            template: { lifecycle, settings, mappings },
            _meta: { managed_by: "holdfast" },
        }),
        "setup.sh": script,
    };
}

const settings = {
    "index.number_of_shards": 1,
    "index.number_of_replicas": 1,
    "index.codec": "best_compression",
    // A node that restarts comes back sooner than its lines are copied.
    "index.unassigned.node_left.delayed_timeout": "5m",
};

const word = { type: "keyword" };

/** No line can be refused for its form: what it holds is text, and other fields are kept and not indexed. */
const mappings = {
    dynamic: false,
    properties: {
        "@timestamp": { type: "date_nanos" },
        message: { type: "match_only_text" },
        stream: word,
        cluster: word,
        node: word,
        kubernetes: { properties: { namespace_name: word, pod_name: word, container_name: word, docker_id: word } },
    },
};

/**
 * Waits for Elasticsearch, says there how long lines are kept and who may add them, and hands the agents their password and the authority's
 * certificate. Everything can be done again. The password is made once, here: no state, plan or chart ever has it. Secrets never stand on
 * a command line, which the list of processes shows.
 */
const script = `set -euo pipefail

admin() { printf 'user = "elastic:%s"\\n' "$(cat ${setupPaths.admin}/elastic)"; }
bearer() { printf 'header = "Authorization: Bearer %s"\\n' "$(cat "$ACCOUNT/token")"; }
ask() { curl --silent --show-error --fail-with-body --retry 5 --max-time 60 "$@"; }
store() { ask --cacert ${setupPaths.authority}/ca.crt --config <(admin) --header 'Content-Type: application/json' "$@"; }
handover() { ask --cacert "$ACCOUNT/ca.crt" --config <(bearer) "$@" "$HANDOVER"; }
encoded() { base64 | tr -d '\\n'; }

until store "$STORE/_cluster/health?wait_for_status=yellow&timeout=30s"; do sleep 5; done

password="$(handover | sed -n 's/.*"secret": *"\\([^"]*\\)".*/\\1/p' | base64 -d)"
if [ -z "$password" ]; then
    password="$(head -c 24 /dev/urandom | base64 | tr '+/' '-_')"
fi

store --request PUT --data @${setupPaths.files}/role.json "$STORE/_security/role/${agentUser}"
printf '{"password":"%s","roles":["${agentUser}"]}' "$password" | store --request PUT --data @- "$STORE/_security/user/${agentUser}"
store --request PUT --data @${setupPaths.files}/template.json "$STORE/_index_template/$STREAM"
# A stream that is there keeps the lifecycle that it was made with.
store "$STORE/_data_stream/$STREAM" || store --request PUT "$STORE/_data_stream/$STREAM"
store --request PUT --data @${setupPaths.files}/lifecycle.json "$STORE/_data_stream/$STREAM/_lifecycle"

printf '{"data":{"user":"%s","secret":"%s","ca.crt":"%s"}}' \\
    "$(printf %s '${agentUser}' | encoded)" "$(printf %s "$password" | encoded)" "$(encoded <${setupPaths.authority}/ca.crt)" |
    handover --request PATCH --header 'Content-Type: application/merge-patch+json' --data @- >/dev/null
`;
