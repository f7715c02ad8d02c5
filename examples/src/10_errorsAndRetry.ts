// How calls fail: errors are told apart by class or by code. Only what you ask for is retried.
import {
  Codex,
  CodexError,
  InvalidRequestError,
  retryOnOverload,
  TurnFailedError,
} from "@openai/codex";

await using codex = new Codex();

// The runtime refuses: a JsonRpcError, with a class for each kind.
try {
  await codex.resumeThread("00000000-0000-7000-8000-000000000000");
} catch (error) {
  if (!(error instanceof InvalidRequestError)) throw error;
  console.log("Refused by the runtime:", error.code, error.method);
}

// The SDK refuses before anything is sent.
const thread = await codex.startThread();
try {
  await thread.run([]);
} catch (error) {
  if (!(error instanceof CodexError)) throw error;
  console.log("Refused by the SDK:", error.code);
}

// Overload alone is worth another try, and the SDK makes none by itself.
const ask = () => thread.run("Say hello in one sentence.");
try {
  const result = await retryOnOverload(ask, { maxAttempts: 3, initialDelayMs: 250 });
  console.log("Answer:", result.finalResponse);
} catch (error) {
  if (!(error instanceof TurnFailedError)) throw error;
  console.log("The turn failed:", error.turnError?.message);
  console.log("What it had done by then:", error.result.items.length, "items");
}
