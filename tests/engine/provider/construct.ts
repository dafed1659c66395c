import { promisify } from "node:util";

import { credentials } from "@grpc/grpc-js";
import { ConstructResponse, type ConstructRequest } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import { RegisterResourceOutputsRequest, RegisterResourceRequest, type RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb";

import type { Constructed, Provider } from "./provider";
import { type Properties, properties, struct } from "./wire";

/** Makes a remote component: registers it and its parts with the engine, which then asks the provider for each part. */
export async function constructed(provider: Provider, request: ConstructRequest, session: string): Promise<ConstructResponse> {
    const monitor = new ResourceMonitorClient(request.getMonitorendpoint(), credentials.createInsecure());
    try {
        const register = promisify<RegisterResourceRequest, RegisterResourceResponse>(monitor.registerResource.bind(monitor));
        const inputs = properties(request.getInputs());
        const type = request.getType();
        const name = request.getName();
        const component = await register(componentRequest(request, inputs));
        const { children, outputs } = provider.construct({ urn: component.getUrn(), type, name, session, preview: request.getDryrun() }, inputs);
        const kind = type.split(":")[0] ?? "";
        const partRequest = (child: Constructed["children"][number]): RegisterResourceRequest => {
            const part = new RegisterResourceRequest();
            part.setType(child.type);
            part.setName(child.name);
            part.setCustom(true);
            part.setParent(component.getUrn());
            part.setProvider(request.getProvidersMap().get(kind) ?? "");
            part.setObject(struct(child.inputs));
            part.setAcceptsecrets(true);
            part.setDependenciesList(request.getDependenciesList());
            return part;
        };
        await Promise.all(children.map(child => register(partRequest(child))));
        const done = new RegisterResourceOutputsRequest();
        done.setUrn(component.getUrn());
        done.setOutputs(struct(outputs));
        await promisify<RegisterResourceOutputsRequest, unknown>(monitor.registerResourceOutputs.bind(monitor))(done);
        const response = new ConstructResponse();
        response.setUrn(component.getUrn());
        response.setState(struct(outputs));
        return response;
    } finally {
        monitor.close();
    }
}

function componentRequest(request: ConstructRequest, inputs: Properties): RegisterResourceRequest {
    const component = new RegisterResourceRequest();
    component.setType(request.getType());
    component.setName(request.getName());
    component.setCustom(false);
    component.setParent(request.getParent());
    component.setObject(struct(inputs));
    component.setDependenciesList(request.getDependenciesList());
    component.setProtect(request.getProtect() ?? false);
    component.setAliasesList(request.getAliasesList());
    request.getProvidersMap().forEach((reference, kind) => component.getProvidersMap().set(kind, reference));
    return component;
}
