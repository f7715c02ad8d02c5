// Written by `pnpm release bump`. Do not edit.

/** The version of the runtime that was pinned before the present one. */
export const PREVIOUS_PIN = "0.169.0";
