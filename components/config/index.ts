/** The config of a stack: what it may say (schema), whether it makes sense (checks), and how it is read. */
export { loadConfig } from "./load";
export { parseConfig } from "./parse";
export { ConfigError, formatProblem } from "./problems";
export { type ClusterConfig, type HoldfastConfig, configSchema } from "./schema";
export { configWarnings } from "./warnings";
export type { AppConfig, IngressConfig, JobConfig, StateConfig } from "./app";
export type { FailoverConfig, MemberConfig } from "./failover";
export type { PlatformConfig } from "./platform";
