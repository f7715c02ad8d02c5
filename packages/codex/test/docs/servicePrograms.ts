import type { DocPrograms } from "./docProgram.js";

/** Programs of the guides about what the agent may do. */
export const servicePrograms: DocPrograms = {};
