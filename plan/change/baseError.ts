/** What a plan was to be compared with can't be had: the message says why, and what to do. */
export class BaseError extends Error {}
