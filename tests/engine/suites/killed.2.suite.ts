// See tests/engine/interruption/kills.ts for what this proves and what it can't.
import { describeKills } from "../interruption/kills";

describeKills(2);
