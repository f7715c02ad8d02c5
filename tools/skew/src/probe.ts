import { type Harness, type HarnessOptions, startHarness } from "@openai/codex/testing";

/** The runtime that a probe runs against. */
export interface RuntimeUnderTest {
  readonly version: string;
  /** Its executable. */
  readonly codexPath: string;
}

/** Uses one feature, and throws where it does not work as the SDK promises. */
export type Probe = (runtime: RuntimeUnderTest) => Promise<void>;

/** Gives `use` a harness around the runtime, and closes it whatever happens. */
export async function withHarness(
  { codexPath }: RuntimeUnderTest,
  use: (harness: Harness) => Promise<void>,
  options: HarnessOptions = {},
): Promise<void> {
  await using harness = await startHarness({
    ...options,
    codex: { ...options.codex, codexPath },
  });
  await use(harness);
}

/** Throws when the two differ; both are shown as JSON. */
export function expectEqual(what: string, found: unknown, wanted: unknown): void {
  const [foundText, wantedText] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (foundText !== wantedText) throw new Error(`${what} is ${foundText}, not ${wantedText}`);
}

/** The `code` of what the promise is rejected with; throws when it is not. */
export async function codeOfRejection(what: string, promise: Promise<unknown>): Promise<unknown> {
  const settled = await promise.then(
    (value: unknown) => ({ value }),
    (reason: unknown) => ({ reason }),
  );
  if ("value" in settled) throw new Error(`${what} resolved to ${JSON.stringify(settled.value)}`);
  const { reason } = settled;
  return reason instanceof Error && "code" in reason ? reason.code : String(reason);
}
