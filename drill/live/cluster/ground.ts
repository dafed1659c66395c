import { Component } from "../../controlPlane";
import type { Children } from "../../process/children";
import type { NodeNet } from "./addresses";
import type { NodeCgroup } from "../world";
import { type Command, inNamespace } from "./network";

/** Programs that a node runs. */
export interface NodePrograms {
    readonly containerd: string;
    readonly ctr: string;
    readonly kubelet: string;
    readonly kubeProxy: string;
    readonly nsenter: string;
    /** Folder of the network plug-ins bridge, host-local and loopback. */
    readonly cniFolder: string;
}

/** What a node is called, and where it is. */
export interface NodeIdentity {
    readonly name: string;
    readonly zone: string;
}

/** What the programs of a node have in common. */
export interface NodeGround {
    readonly cluster: string;
    readonly node: NodeIdentity;
    readonly net: NodeNet;
    /** The node's disk: configuration, logs, images, containers. */
    readonly folder: string;
    readonly programs: NodePrograms;
    readonly children: Children;
    /** All that ends with the node's power and has a process group of its own. */
    readonly cgroup: NodeCgroup;
    readonly run: Command;
    /** Ends every wait with its reason. */
    readonly signal: AbortSignal;
}

/** How a program of a node begins, and may end. */
export interface Conduct {
    /** Resolves once it does its work, after each start. @default at once */
    readonly ready?: (component: Component) => Promise<void>;
    /** Whether, by what it printed, it only came too early: it is then started again, as a node's init system does. @default it never is */
    readonly tooEarly?: (printed: string) => boolean;
}

/** A program of a node, in the node's network. It is not started. */
export function startsIn(ground: NodeGround, name: string, command: string, args: readonly string[], { ready, tooEarly }: Conduct): Component {
    const { cluster, node, net, folder, programs, children } = ground;
    return new Component(
        name,
        children,
        {
            name: `${cluster}/${node.name}/${name}`,
            command: programs.nsenter,
            args: inNamespace(net, command, args),
            cwd: folder,
            env: { PATH: process.env["PATH"], HOME: folder, TMPDIR: folder },
            logFile: `${folder}/${name}.log`,
            ...(tooEarly === undefined ? {} : { mayEnd: tooEarly }),
        },
        ready,
        component => {
            // It fails where the run ends meanwhile.
            component.start().catch(() => undefined);
        },
    );
}
