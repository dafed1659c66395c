/**
 * The stack has something that the live drills can't play, or that makes no sense: the message says what, where, and how to mend it. It is the
 * stack that has to change, not the machine: unlike Unobtainable, it ends the command with 1, which nobody may pass over.
 */
export class Unplayable extends Error {}
