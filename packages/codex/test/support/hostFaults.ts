import { afterEach, beforeEach, expect } from "vitest";

/** Fails each test of the file in which the host had an uncaught exception or an unhandled rejection. */
export function followHostFaults(): void {
  let faults: unknown[] = [];
  const note = (error: unknown) => faults.push(error);
  beforeEach(() => {
    faults = [];
    process.on("uncaughtException", note);
    process.on("unhandledRejection", note);
  });
  afterEach(() => {
    process.off("uncaughtException", note);
    process.off("unhandledRejection", note);
    // oxlint-disable-next-line vitest/no-standalone-expect
    expect(faults).toEqual([]);
  });
}
