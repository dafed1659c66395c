import { z } from "zod";

import { field } from "../fields";
import { bytes, dnsLabel, image, mountPath } from "../values";
import { imageDoc, resources } from "./workload";

/** The app's replicas that keep data. */

export const state = field(
    z
        .strictObject({
            image: field(image, { ...imageDoc, example: "docker.io/library/redis:8.2.1", fix: "pin the version that was tested, for example docker.io/library/redis:8.2.1" }),
            command: field(z.array(z.string()).optional(), {
                about: "Command and arguments, in place of the image's own.",
                allowed: "a list of words",
                example: ["redis-server", "--dir", "/data", "--appendonly", "yes"],
            }),
            port: field(z.int().min(1024).max(65535).default(8080), {
                about: "Port that the stateful replicas listen on.",
                allowed: "a whole number from 1024 to 65535",
                example: 6379,
            }),
            replicas: field(z.int().min(1).max(99).default(3), {
                about: "Stateful replicas on each cluster; odd numbers from 3 keep a majority when a zone is lost.",
                allowed: "a whole number from 1 to 99",
                example: 3,
            }),
            size: field(bytes.default("1Gi"), {
                about: "Size of each replica's volume; it can grow, never shrink.",
                allowed: "a whole number of Mi, Gi or Ti",
                example: "10Gi",
            }),
            volume: field(dnsLabel.default("my-data"), {
                about: "Name of the volume claim template; it can't change once the state is deployed.",
                allowed: "a DNS label of at most 20 characters",
                example: "my-data",
            }),
            mountPath: field(mountPath.default("/data"), {
                about: "Directory that the volume is mounted at.",
                allowed: "an absolute path, not / itself",
                example: "/data",
            }),
            onDelete: field(z.enum(["keep", "delete"]).default("keep"), {
                about: "What becomes of the volumes when the state is removed from the config or destroyed.",
                allowed: "keep or delete",
                example: "keep",
            }),
            resources,
        })
        .optional(),
    { about: "Replicas that keep data, each on a volume of its own.", allowed: "{ image, replicas?, size?, mountPath?, … }", example: { image: "docker.io/library/redis:8.2.1" } },
);
