import { posix } from "node:path";
import { isDeepStrictEqual } from "node:util";

import type { KubeObject } from "../../api";
import { Unplayable } from "../unplayable";
import { type Contained, type Container, type Probe, containersOf } from "./containers";
import { isAlwaysPulled, repositoryOf, storedName } from "./reference";
import type { Habits, ImageSpec } from "./spec";

/** Where a program is looked for in a container whose manifest does not say, as in most images. */
export const searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Folder of a store's data where no volume is claimed for it: it goes with the container, as that of the real program would. */
const unclaimedData = "/data";

/**
 * Programs that end otherwise than examples/hello does, by their images. nginx ends at once at SIGTERM (https://nginx.org/en/docs/control.html),
 * but its official image asks for SIGQUIT, at which it finishes open requests
 * (STOPSIGNAL in https://github.com/nginx/docker-nginx/blob/master/Dockerfile-debian.template).
 */
const knownHabits: ReadonlyMap<string, Habits> = new Map([["docker.io/library/nginx", { abrupt: true, stopSignal: "SIGQUIT" }]]);

/** An image that a container needs, and the container, for messages. */
interface Need {
    readonly where: string;
    readonly spec: ImageSpec;
}

/**
 * The images that the pods of objects need, each once. Give all objects whose pods may run on the same nodes: an image has one stand-in there.
 *
 * @throws Unplayable that lists what no stand-in can play, and where one image would have to play two things.
 */
export function imagesOf(objects: readonly KubeObject[]): readonly ImageSpec[] {
    const containers = containersOf(objects);
    const needs = containers.map((contained): Need => ({ where: contained.where, spec: specOf(contained) }));
    const names = unique(needs.map(({ spec }) => storedName(spec.image)));
    const byName = names.map(name => needs.filter(({ spec }) => storedName(spec.image) === name));
    const problems = [...containers.flatMap(problemsOf), ...byName.flatMap(conflictsOf)];
    if (problems.length > 0) {
        throw new Unplayable(["the live drills can't stand in for every image of these manifests:", ...problems.map(problem => `  ${problem}`)].join("\n"));
    }
    return byName.flatMap(merged);
}

function specOf({ container, place, stateful, claims }: Contained): ImageSpec {
    const role = place === "task" ? "task" : stateful && (place === "first" || claims.length > 0) ? "store" : "app";
    const { image, livenessProbe, readinessProbe, startupProbe } = container;
    return {
        image,
        role,
        port: role === "task" ? undefined : portOf(container),
        livePaths: role === "task" ? [] : unique([livenessProbe, startupProbe].flatMap(pathOf)),
        readyPath: role === "task" ? undefined : pathOf(readinessProbe)[0],
        dataFolder: role === "store" ? (claims[0] ?? unclaimedData) : undefined,
        commands: commandOf(container),
        habits: knownHabits.get(repositoryOf(image)),
        startSeconds: 0,
    };
}

/** The container's first port, else the first that a probe names by its number. */
function portOf(container: Container): number | undefined {
    return container.ports?.[0]?.containerPort ?? probesOf(container).map(portAsked).find(port => typeof port === "number");
}

function probesOf({ livenessProbe, readinessProbe, startupProbe }: Container): readonly Probe[] {
    return [livenessProbe, readinessProbe, startupProbe].filter(probe => probe !== undefined);
}

function portAsked({ httpGet, tcpSocket }: Probe): number | string | undefined {
    return httpGet?.port ?? tcpSocket?.port;
}

/** Path that a probe asks, without its query; none where it asks no path. */
function pathOf(probe: Probe | undefined): readonly string[] {
    return probe?.httpGet === undefined ? [] : [new URL(probe.httpGet.path ?? "/", "http://pod").pathname];
}

/** Where the container's command must be: the place that it names, or the first that would be searched for it. */
function commandOf({ command, workingDir = "/", env = [] }: Container): readonly string[] {
    const [program] = command ?? [];
    if (program === undefined) {
        return [];
    }
    const [folder = "/"] = (env.find(({ name }) => name === "PATH")?.value ?? searchPath).split(":");
    return [program.includes("/") ? posix.resolve("/", workingDir, program) : posix.join(folder, program)];
}

/** What of a container no stand-in can play. */
function problemsOf({ where, container, place }: Contained): readonly string[] {
    const { image, imagePullPolicy, ports = [] } = container;
    const pulls = imagePullPolicy === "Always" || (imagePullPolicy === undefined && isAlwaysPulled(image));
    const listens = portOf(container);
    const asked = (port: number | string | undefined): number | undefined => (typeof port === "string" ? ports.find(({ name }) => name === port)?.containerPort : port);
    return [
        ...(pulls ? [`${where}: ${image} would be pulled at each start, and there is no registry here; give it a tag other than latest, and no imagePullPolicy Always`] : []),
        ...(place === "task" ? [] : probesOf(container)).flatMap(probe => {
            if (probe.exec !== undefined || probe.grpc !== undefined || probe.httpGet?.scheme === "HTTPS") {
                return [`${where}: a probe runs a command, or asks by gRPC or HTTPS; a stand-in answers probes by HTTP (httpGet) and TCP (tcpSocket)`];
            }
            const port = portAsked(probe);
            return asked(port) === listens ? [] : [`${where}: a probe asks port ${port ?? "none"}, but a stand-in listens on the container's first port alone (${listens ?? "it has none"})`];
        }),
    ];
}

/** What an image plays, without what it can have in several places at once. */
function played({ spec }: Need): Partial<ImageSpec> {
    return { role: spec.role, port: spec.port, livePaths: spec.livePaths, readyPath: spec.readyPath, dataFolder: spec.dataFolder };
}

/** A line for each container that needs an image to play something else than the first that has it. */
function conflictsOf([first, ...others]: readonly Need[]): readonly string[] {
    return others
        .filter(other => first !== undefined && !isDeepStrictEqual(played(first), played(other)))
        .map(other => `${first?.where} and ${other.where} share the image ${other.spec.image}, but need it to be ${described(first)} and ${described(other)}; give one of them another tag`);
}

function described(need: Need | undefined): string {
    return JSON.stringify(need === undefined ? undefined : played(need));
}

/** One image for all containers that have it. */
function merged(needs: readonly Need[]): readonly ImageSpec[] {
    const specs = needs.map(({ spec }) => spec);
    return specs.slice(0, 1).map(spec => ({ ...spec, commands: unique(specs.flatMap(({ commands }) => commands)) }));
}

function unique(values: readonly string[]): readonly string[] {
    return [...new Set(values)];
}
