import type { KnownSurvivor } from "./survivor.js";

/** The mutants that no test finds, each with the reason why it is left alone. */
export const SURVIVORS: readonly KnownSurvivor[] = [];
