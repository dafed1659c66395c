export { LiveSite } from "./site";
export { type Missing, atRest, restoreSite, spreadSite } from "./restore";
export { type Guest, type Tenant, doorsInto, guestOf, lodged } from "./tenant";
export { type Asked, type Client, type Watch, type WatchOptions, stateReplicasOf, watchTenant } from "./watch";
export { pagePort, urlFor, urlOf } from "./urls";
export { type PreparedSite, type SiteOptions, prepareSite } from "./prepare";
