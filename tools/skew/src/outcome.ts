import { CodexError, type CodexErrorCode } from "@openai/codex";

/** What came of one feature on one runtime. */
export type Outcome =
  | { readonly kind: "ok" }
  /** The runtime lacks it, and the SDK said so with an error of its own. */
  | { readonly kind: "refused"; readonly code: CodexErrorCode; readonly message: string }
  /** The runtime itself does it in another way, which the SDK hands on as it is. */
  | { readonly kind: "differs"; readonly message: string }
  /** It hung, gave a wrong value, or failed with an error that is none of the SDK's. */
  | { readonly kind: "fault"; readonly message: string };

/** Thrown by a probe that finds a known difference of an older runtime. */
export class RuntimeDifference extends Error {
  override name = "RuntimeDifference";
}

/** Runs a probe to its end, whatever that is. */
export async function outcomeOf(probe: () => Promise<void>, timeoutMs: number): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    const error = new Error(`It had not ended after ${timeoutMs} ms.`);
    timer = setTimeout(() => reject(error), timeoutMs);
  });
  try {
    await Promise.race([probe(), tooLate]);
    return { kind: "ok" };
  } catch (error) {
    if (error instanceof CodexError) {
      return { kind: "refused", code: error.code, message: error.message };
    }
    if (error instanceof RuntimeDifference) return { kind: "differs", message: error.message };
    return { kind: "fault", message: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** The outcome in a word, for the table and for tests. */
export function wordOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case "ok":
      return "ok";
    case "refused":
      return outcome.code;
    case "differs":
      return "differs";
    case "fault":
      return `FAULT: ${outcome.message}`;
  }
}
