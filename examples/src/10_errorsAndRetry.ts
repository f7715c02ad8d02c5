// Errors have a class and a code. The SDK retries only on request.
import {
  Codex,
  CodexError,
  InvalidRequestError,
  runWithRetry,
  TurnFailedError,
} from "@openai/codex";

await using codex = new Codex();

// The runtime refuses a request: a JsonRpcError, with a subclass for each kind.
try {
  await codex.resumeThread("00000000-0000-7000-8000-000000000000");
} catch (error) {
  if (!(error instanceof InvalidRequestError)) throw error;
  console.log("Refused by the runtime:", error.code, error.method);
}

// The SDK refuses invalid input before anything is sent.
const thread = await codex.startThread();
try {
  await thread.run([]);
} catch (error) {
  if (!(error instanceof CodexError)) throw error;
  console.log("Refused by the SDK:", error.code);
}

// Only an overload is worth another attempt. `runWithRetry` continues the turn that failed, so the
// input is not sent twice; `retryOnOverload` is for all other calls.
const retry = { maxAttempts: 3, initialDelayMs: 250 };
try {
  const result = await runWithRetry(thread, "Say hello in one sentence.", {}, retry);
  console.log("Answer:", result.finalResponse);
} catch (error) {
  if (!(error instanceof TurnFailedError)) throw error;
  console.log("The turn failed:", error.turnError?.message);
  console.log("Completed by then:", error.result.items.length, "items");
}
