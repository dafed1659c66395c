/** Run in a network of its own: shows with real packets that an address falls silent, refuses nothing, and is heard again. Prints what it saw. */
import { once } from "node:events";
import { connect, createServer } from "node:net";

import { executor } from "../../../tools/execute";
import { commands } from "../../../drill/live/cluster/network";
import { networkGround } from "../../../drill/live/wayIn/ground";

const port = 8080;
const waitMs = 400;

/** What a connection to an address comes to. */
function knock(address: string): Promise<string> {
    return new Promise(resolve => {
        const socket = connect({ host: address, port, timeout: waitMs });
        const is = (what: string) => () => {
            socket.destroy();
            resolve(what);
        };
        socket.once("connect", is("heard")).once("timeout", is("silent")).once("error", is("refused"));
    });
}

void (async () => {
    const ground = networkGround({ run: commands(executor(AbortSignal.timeout(20_000)), "/"), cluster: "us-east.1" });
    const addresses = ["10.220.0.1", "10.220.0.2"];
    await ground.claim(addresses);
    const server = createServer().listen({ host: "0.0.0.0", port });
    await once(server, "listening");
    const seen: string[] = [];
    const look = async (): Promise<void> => {
        seen.push((await Promise.all(addresses.map(knock))).join(" "));
    };
    await look();
    await ground.silence(["10.220.0.1"]);
    await look();
    await ground.silence(addresses);
    await look();
    await ground.silence([]);
    await look();
    server.close();
    console.log(seen.join(", "));
    process.exit(0);
})();
