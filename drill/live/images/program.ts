import type { GoProgram } from "../../../tools/goProgram";

/** What every image of the live drills has in it: one program that plays the sandbox, the app and the store. Its source is in tools/standin. */
export const standIn: GoProgram = {
    name: "standin",
    named: "a stand-in",
    versions: "this version of the project",
    folder: "standin",
    // What git says of the folder would be built in too, and git refuses to say anything of another user's.
    flags: ["-buildvcs=false"],
    expect: "at most a minute on two cores",
    variable: "HOLDFAST_STANDIN",
};
