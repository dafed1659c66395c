/** Type of a network interface that something else than a resource of the engine has: a node, a control plane, a load balancer. */
export const networkInterface = "aws:networkInterface";

/** Type of a load balancer that a controller of a cluster made. */
export const loadBalancer = "aws:loadBalancer";
