// What this can't prove: that this order is the best one. It pins it, for the reasons that the list gives.
import assert from "node:assert/strict";

import { liveDrills } from "../../../drill/live/drills";

describe("the live drills", () => {
    it("begin where replicas are evenly spread, and end with the loss of a cluster and what is left of it all", () => {
        assert.deepEqual(
            liveDrills.map(({ name, quick }) => `${name}${quick ? "" : " (full)"}`),
            [
                "slow start (full)",
                "rolling update",
                "zone loss",
                "zone loss at the maximum (full)",
                "drain",
                "container crash (full)",
                "hung container (full)",
                "kubelet restart (full)",
                "API server down (full)",
                "lossy link (full)",
                "cluster loss",
                "at the end",
            ],
        );
    });

    it("must break the naive stack where nothing but probes could help", () => {
        assert.deepEqual(liveDrills.filter(({ naive }) => naive === "breaks").map(({ name }) => name), ["slow start", "rolling update", "zone loss", "drain", "hung container", "cluster loss"]);
    });
});
