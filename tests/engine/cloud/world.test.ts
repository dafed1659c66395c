// What this can't prove: that a real cloud keeps its things and ids so. It proves the book in which the emulated ones keep them.
import assert from "node:assert/strict";

import { type Asking, type NewThing, Refused, World } from "./world";

const vpcId = "vpc-0123456789abcdef0";

function thing(more: Partial<NewThing> = {}): NewThing {
    return { place: "aws", type: "aws:ec2/vpc:Vpc", id: vpcId, urn: "urn", inputs: {}, outputs: {}, ...more };
}

const asking: Asking = { kind: "create", urn: "urn", type: "type", id: undefined };

/** Something that a test ends when it wants to. */
function gate(): { readonly opened: Promise<void>; open: () => void } {
    let open: () => void = () => undefined;
    const opened = new Promise<void>(resolve => (open = resolve));
    return { opened, open };
}

/** Whether a promise is settled once everything has run that could. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
    let settled = false;
    const settle = (): void => {
        settled = true;
    };
    promise.then(settle, settle);
    await new Promise(resolve => setImmediate(resolve));
    return settled;
}

describe("the world of the emulated clouds", () => {
    it("has a thing once, by place, type and id", () => {
        const world = new World();
        world.add(thing());
        assert.throws(() => world.add(thing({ urn: "another" })), new Refused(`aws:ec2/vpc:Vpc ${vpcId} exists already`));
        world.add(thing({ place: "gcp" }));
        world.add(thing({ type: "another" }));
        world.add(thing({ id: "another" }));
        assert.equal(world.all().length, 4);
        assert.equal(world.get("gcp", "aws:ec2/vpc:Vpc", vpcId)?.place, "gcp");
        assert.deepEqual(world.ofType("another").map(({ id }) => id), [vpcId]);
        world.remove(thing());
        assert.equal(world.get("aws", "aws:ec2/vpc:Vpc", vpcId), undefined);
        assert.equal(world.all().length, 3);
    });

    it("knows which made-up ids are gone, and does not ask it of names", () => {
        const world = new World();
        const named = thing({ id: "east" });
        const autonamed = thing({ id: "shop/env-01abcde" });
        for (const each of [thing(), named, autonamed]) {
            world.add(each);
        }
        assert.deepEqual([vpcId, "east", "shop/env-01abcde"].filter(id => world.isGone(id)), []);
        for (const each of [thing(), named, autonamed]) {
            world.remove(each);
        }
        assert.deepEqual([vpcId, "east", "shop/env-01abcde", "vpc-00000000000000000"].filter(id => world.isGone(id)), [vpcId, "shop/env-01abcde"]);
        world.add(thing({ place: "elsewhere" }));
        assert.equal(world.isGone(vpcId), false);
    });

    it("waits until something holds, and looks again only after a change", async () => {
        const world = new World();
        let looked = 0;
        const waiting = world.until(() => (looked++, world.all().length === 2), new AbortController().signal);
        assert.equal(await isSettled(waiting), false);
        assert.equal(looked, 1);
        world.add(thing());
        assert.equal(await isSettled(waiting), false);
        assert.equal(looked, 2);
        world.add(thing({ id: "second" }));
        await waiting;
        assert.equal(looked, 3);
    });

    it("gives up waiting when it is closed", async () => {
        const end = new AbortController();
        const waiting = new World().until(() => false, end.signal);
        assert.equal(await isSettled(waiting), false);
        end.abort(new Error("closed"));
        await assert.rejects(waiting, { name: "AbortError" });
    });

    it("is at rest once every call is ended, failed ones too", async () => {
        const world = new World();
        await world.atRest();
        const [first, second] = [gate(), gate()];
        const calls = [world.during(asking, () => first.opened), world.during(asking, () => second.opened.then(() => Promise.reject(new Error("no"))))];
        const failure = assert.rejects(calls[1] ?? Promise.resolve(), /^Error: no$/);
        const rest = world.atRest();
        assert.equal(await isSettled(rest), false);
        first.open();
        await calls[0];
        assert.equal(await isSettled(rest), false);
        second.open();
        await failure;
        await rest;
    });

    it("writes calls down in the order in which they begin, with when they ended", async () => {
        const world = new World();
        const first = gate();
        const slow = world.during({ ...asking, urn: "slow" }, () => first.opened);
        await world.during({ ...asking, urn: "quick", kind: "delete" }, () => Promise.resolve());
        assert.deepEqual(world.calls.map(({ urn, kind, ended }) => [urn, kind, ended === undefined]), [["slow", "create", true], ["quick", "delete", false]]);
        first.open();
        await slow;
        const [begun] = world.calls;
        assert.ok(begun?.ended !== undefined && begun.ended >= begun.begun);
        world.forgetCalls();
        assert.deepEqual(world.calls, []);
    });

    it("lets whoever interferes see each moment, with the number of the call", async () => {
        const seen: string[] = [];
        const world = new World({ interference: ({ urn }, moment, count) => seen.push(`${count} ${urn} ${moment}`) });
        const act = (moment: (moment: "made") => void): Promise<void> => {
            moment("made");
            return Promise.resolve();
        };
        await world.during({ ...asking, urn: "a" }, act);
        await world.during({ ...asking, urn: "b" }, () => Promise.resolve());
        assert.deepEqual(seen, ["1 a begun", "1 a made", "1 a answering", "2 b begun", "2 b answering"]);
    });

    it("goes back to a snapshot that nothing later touches", () => {
        const world = new World();
        world.add(thing({ inputs: { tags: { a: "1" } } }));
        const before = world.snapshot();
        const there = world.get("aws", "aws:ec2/vpc:Vpc", vpcId);
        assert.ok(there !== undefined);
        (there.inputs["tags"] as Record<string, string>)["a"] = "2";
        world.add(thing({ id: "later" }));
        for (let time = 0; time < 2; time++) {
            world.restore(before);
            assert.deepEqual(world.all().map(({ id, inputs }) => [id, inputs]), [[vpcId, { tags: { a: "1" } }]]);
            const restored = world.all()[0];
            assert.ok(restored !== undefined);
            restored.inputs = {};
        }
    });
});
