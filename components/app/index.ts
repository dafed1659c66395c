/** The highly available app stack that runs on every cluster. */
export { type Endpoint } from "./endpoint";
export { HaApp, type HaAppArgs } from "./haApp";
export { clusterHost } from "./ingress";
