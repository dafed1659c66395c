import { z } from "zod";

import type { KubeObject } from "../../api";
import { Unplayable } from "../unplayable";

/** The parts of Kubernetes objects that decide what a load balancer is like. */

const metadata = z.object({ name: z.string(), namespace: z.string().default("default"), annotations: z.record(z.string(), z.string()).default({}) });

const portRef = z.object({ name: z.string().optional(), number: z.number().optional() });

const serviceSchema = z.object({
    metadata,
    spec: z.object({
        type: z.string().optional(),
        loadBalancerClass: z.string().optional(),
        externalTrafficPolicy: z.enum(["Local", "Cluster"]).default("Cluster"),
        allocateLoadBalancerNodePorts: z.boolean().default(true),
        ports: z.array(z.object({ name: z.string().optional(), port: z.number(), protocol: z.string().default("TCP") })).default([]),
    }),
});

const ingressSchema = z.object({
    metadata,
    spec: z.object({
        ingressClassName: z.string().optional(),
        tls: z.array(z.object({})).default([]),
        rules: z
            .array(
                z.object({
                    host: z.string().optional(),
                    http: z.object({ paths: z.array(z.object({ path: z.string().optional(), backend: z.object({ service: z.object({ name: z.string(), port: portRef }) }) })) }),
                }),
            )
            .min(1),
    }),
});

const ingressClassSchema = z.object({ metadata: z.object({ name: z.string() }), spec: z.object({ controller: z.string() }) });

export type ServiceObject = z.output<typeof serviceSchema>;
export type IngressObject = z.output<typeof ingressSchema>;

/** Where an Ingress leads: its hosts, and the one Service port behind them all. */
export interface Route {
    readonly hosts: readonly string[];
    readonly service: string;
    readonly servicePort: number | string;
}

/** All Services of type LoadBalancer. */
export function balancedServices(objects: readonly KubeObject[]): readonly ServiceObject[] {
    return ofKind(objects, "v1", "Service")
        .map(object => serviceSchema.parse(object))
        .filter(({ spec }) => spec.type === "LoadBalancer");
}

/** A Service; throws Unplayable where there is none. */
export function serviceNamed(objects: readonly KubeObject[], namespace: string, name: string): ServiceObject {
    const services = ofKind(objects, "v1", "Service").map(object => serviceSchema.parse(object));
    const found = services.find(({ metadata: own }) => own.namespace === namespace && own.name === name);
    if (found === undefined) {
        throw new Unplayable(`there is no Service ${namespace}/${name} for the Ingress that leads to it`);
    }
    return found;
}

export function ingresses(objects: readonly KubeObject[]): readonly IngressObject[] {
    return ofKind(objects, "networking.k8s.io/v1", "Ingress").map(object => ingressSchema.parse(object));
}

/** Controller of an IngressClass; undefined where there is no such class. */
export function controllerOf(objects: readonly KubeObject[], className: string): string | undefined {
    const classes = ofKind(objects, "networking.k8s.io/v1", "IngressClass").map(object => ingressClassSchema.parse(object));
    return classes.find(({ metadata: own }) => own.name === className)?.spec.controller;
}

/** Where an Ingress leads. Throws Unplayable where that is to more than one Service, or where paths differ: those are not played. */
export function routeOf({ metadata: own, spec }: IngressObject): Route {
    const paths = spec.rules.flatMap(({ http }) => http.paths);
    const [first] = paths;
    const keys = new Set(paths.map(({ path = "/", backend }) => JSON.stringify([path, backend.service])));
    const { name, port } = first?.backend.service ?? {};
    const servicePort = port?.name ?? port?.number;
    if (keys.size !== 1 || (first?.path ?? "/") !== "/" || name === undefined || servicePort === undefined) {
        throw new Unplayable(`Ingress ${own.namespace}/${own.name} leads to several Services or paths; live drills play an Ingress whose hosts all lead to one Service by the path /`);
    }
    const hosts = spec.rules.map(({ host }) => host);
    return { hosts: hosts.includes(undefined) ? [] : hosts.filter(host => host !== undefined), service: name, servicePort };
}

/** TCP ports of a Service. Throws Unplayable where it has others: no balancer here passes UDP on. */
export function tcpPorts({ metadata: own, spec }: ServiceObject): readonly number[] {
    const other = spec.ports.find(({ protocol }) => protocol !== "TCP");
    if (other !== undefined) {
        throw new Unplayable(`Service ${own.namespace}/${own.name} has port ${other.port} of protocol ${other.protocol}; live drills pass on TCP alone`);
    }
    return spec.ports.map(({ port }) => port);
}

/** Objects of one kind. */
export function ofKind(objects: readonly KubeObject[], apiVersion: string, kind: string): readonly KubeObject[] {
    return objects.filter(object => object.apiVersion === apiVersion && object.kind === kind);
}
