import { z } from "zod";

import type { KubeObject } from "../../../api";
import { Unplayable } from "../../unplayable";
import type { Door } from "../door";
import { type IngressObject, type ServiceObject, tcpPorts } from "../objects";

/** What makes load balancers of Services and Ingresses in a cluster, by its own rules and defaults. */
export interface Controller {
    serviceDoor(service: ServiceObject): Door;
    /** @param objects all of the cluster's: an Ingress's settings are in some of them. */
    ingressDoor(ingress: IngressObject, objects: readonly KubeObject[]): Door;
}

/** What every load balancer of a Service is: it passes connections to the Service's ports on. */
export function layerFour(service: ServiceObject): Pick<Door, "object" | "namespace" | "name" | "mode" | "listens" | "hosts" | "service"> {
    const { name, namespace } = service.metadata;
    return { object: "Service", namespace, name, mode: "tcp", listens: tcpPorts(service).map(port => ({ port, tls: false, servicePort: port })), hosts: [], service: name };
}

/** A SYN is repeated by Linux for 127 s (tcp_syn_retries 6, https://docs.kernel.org/networking/ip-sysctl.html); a balancer of layer 4 itself never gives up. */
export const synSeconds = 127;

/** A whole number in an annotation. */
export const wholeNumber = z.string().regex(/^\d+$/u, "must be a whole number").transform(Number);

/** true or false in an annotation. */
export const trueOrFalse = z.enum(["true", "false"]).transform(value => value === "true");

/** JSON in an annotation. */
export const json = z.string().transform((text, context): unknown => {
    try {
        return JSON.parse(text);
    } catch {
        context.addIssue({ code: "custom", message: "must be JSON" });
        return z.NEVER;
    }
});

/** Attributes in an annotation: `a=b,c=d`. */
export const attributes = z.string().transform((text): unknown =>
    Object.fromEntries(
        text
            .split(",")
            .map(pair => pair.trim())
            .filter(pair => pair !== "")
            .map((pair): [string, string] => {
                const [key = "", ...value] = pair.split("=");
                return [key.trim(), value.join("=").trim()];
            }),
    ),
);

/** The annotations of an object that begin with a prefix, without it. */
export function annotationsBelow(annotations: Readonly<Record<string, string>>, prefix: string): Readonly<Record<string, string>> {
    return Object.fromEntries(
        Object.entries(annotations)
            .filter(([key]) => key.startsWith(prefix))
            .map(([key, value]): [string, string] => [key.slice(prefix.length), value]),
    );
}

/**
 * Reads settings. Throws Unplayable with all that is wrong: a setting that nobody here knows could change what the load balancer does, so it
 * is an error and not passed over.
 */
export function read<T>(schema: z.ZodType<T>, value: unknown, whose: string): T {
    const result = schema.safeParse(value);
    if (result.success) {
        return result.data;
    }
    const problems = result.error.issues.map(issue => {
        const what = issue.code === "unrecognized_keys" ? `${issue.keys.join(", ")}: not known to live drills; teach them (drill/live/wayIn/controllers) or take it out` : issue.message;
        return `  ${[...issue.path, ""].join(": ")}${what}`;
    });
    throw new Unplayable(`${whose} has load-balancer settings that live drills can't play:\n${problems.join("\n")}`);
}
