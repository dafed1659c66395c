import { type Making, text } from "../kind";

/** Type of a namespace. */
export const namespaceType = "kubernetes:core/v1:Namespace";

/** Type of a definition of custom resources. */
export const definitionType = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";

/** Id that Pulumi gives an object. */
export function objectId(inputs: Making["inputs"]): string {
    const namespace = text(inputs, "metadata.namespace");
    const name = text(inputs, "metadata.name");
    return namespace === "" ? name : `${namespace}/${name}`;
}

/** Namespaces that every cluster has. */
const builtIn = ["default", "kube-system", "kube-public", "kube-node-lease"];

/** Why an object can't be made where its namespace is not. */
export function noNamespace({ world, place, inputs }: Making): string | undefined {
    const namespace = (text(inputs, "metadata.namespace") || text(inputs, "namespace"));
    return namespace === "" || builtIn.includes(namespace) || world.get(place, namespaceType, namespace) !== undefined ? undefined : `namespaces "${namespace}" not found`;
}
