// Every type of the protocol, by its own name. Where the runtime has one of that name both at its root
// and in `v2` (the manifest lists them as `shadowed`), it is the one of `v2`, which the methods use.
export type * from "./generated/index.js";
export type * from "./methods.js";
export type * from "./routing.js";
