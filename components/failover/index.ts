/** Health-checked DNS over clusters of any cloud. */
export { Failover, type FailoverArgs, recordKey } from "./failover";
export { createDnsProvider } from "./provider";
export { type Participant, ownParticipant } from "./members";
