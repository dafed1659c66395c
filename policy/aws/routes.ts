import type { Resource, StackGraph, Typed } from "../graph";
import { items } from "../values";
import type { Subnet } from "./eks";

export const everywhere = "0.0.0.0/0";

type RouteTable = Typed<"aws:ec2/routeTable:RouteTable">;
type NatGateway = Typed<"aws:ec2/natGateway:NatGateway">;

/** A way out of a route table to all addresses. */
export interface DefaultRoute {
    /** What says so: a route, or the table itself. */
    readonly holder: Resource;
    readonly nats: readonly NatGateway[];
    /** Whether it leads straight to the internet, and from there back. */
    readonly open: boolean;
}

/** Route tables that a subnet is associated with. */
export function tablesOf(graph: StackGraph, subnet: Subnet): readonly RouteTable[] {
    return graph
        .usersOf(subnet, "subnetId", "aws:ec2/routeTableAssociation:RouteTableAssociation")
        .flatMap(association => graph.sourcesOf(association, "routeTableId", "aws:ec2/routeTable:RouteTable"));
}

/** Default routes of a table: resources of their own, or said within it. */
export function defaultRoutesOf(graph: StackGraph, table: RouteTable): readonly DefaultRoute[] {
    const routes = graph
        .usersOf(table, "routeTableId", "aws:ec2/route:Route")
        .filter(({ inputs }) => inputs.destinationCidrBlock === everywhere)
        .map(route => {
            const way = routeBy(graph, route, "natGatewayId", "gatewayId");
            // A gateway that the stack only refers to.
            return { ...way, open: way.open || route.inputs.gatewayId?.startsWith("igw-") === true };
        });
    const inline = items(table.inputs.routes).some(({ cidrBlock }) => cidrBlock === everywhere);
    return inline ? [...routes, routeBy(graph, table, "routes", "routes")] : routes;
}

function routeBy(graph: StackGraph, holder: Resource, nat: string, gateway: string): DefaultRoute {
    return {
        holder,
        nats: graph.sourcesOf(holder, nat, "aws:ec2/natGateway:NatGateway"),
        open: graph.sourcesOf(holder, gateway, "aws:ec2/internetGateway:InternetGateway").length > 0,
    };
}

/** Default routes of a subnet, through its tables. */
export function waysOut(graph: StackGraph, subnet: Subnet): readonly DefaultRoute[] {
    return tablesOf(graph, subnet).flatMap(table => defaultRoutesOf(graph, table));
}

/** Whether what is in a subnet can be reached from the internet, given an address. */
export function isPublic(graph: StackGraph, subnet: Subnet): boolean {
    return waysOut(graph, subnet).some(({ open }) => open);
}
