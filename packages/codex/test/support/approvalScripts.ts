import type { ThreadItem } from "@openai/codex-types";

import { type FunctionCallStep, shellCall } from "../../src/testing/index.js";

/** A call of a command that the sandbox would not do for, so that the runtime asks. */
export function escalatedCall(command: string, callId?: string): FunctionCallStep {
  const args = { sandbox_permissions: "require_escalated", justification: "The test wants it." };
  return shellCall(command, args, callId === undefined ? {} : { callId });
}

/** A call that adds a file; a read-only thread is asked about it. */
export function addFileCall(path: string, line: string, callId: string): FunctionCallStep {
  const patch = ["*** Begin Patch", `*** Add File: ${path}`, `+${line}`, "*** End Patch"];
  return shellCall(["apply_patch <<'EOF'", ...patch, "EOF"].join("\n"), {}, { callId });
}

/** Returns the status and the output of each command of a turn, by the id of its call. */
export function commandsOf(items: readonly ThreadItem[]): Record<string, unknown> {
  return Object.fromEntries(
    items
      .filter((item) => item.type === "commandExecution")
      .map(({ id, status, aggregatedOutput }) => [id, { status, output: aggregatedOutput }]),
  );
}
