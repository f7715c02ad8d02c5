import { InvalidOptionError } from "../../errors/codexError.js";
import {
  checkObject,
  checkOptions,
  checkText,
  checkWellFormed,
  describeValue,
  optionsOf,
} from "../../internal/validate.js";
import { toPatch } from "./patch.js";
import { functionCallDone } from "./responsesEvents.js";
import type { StepKind } from "./scriptStep.js";

/** A call of a tool. Made by `functionCall()`, `shellCall()` and `applyPatch()`. */
export interface FunctionCallStep {
  readonly kind: "functionCall";
  /** The name of the tool. */
  readonly name: string;
  /** The arguments as JSON text, as a model writes them. */
  readonly arguments: string;
  /** The id of the call, which the tool's output refers to. */
  readonly callId?: string | undefined;
  /** The namespace of the tool. */
  readonly namespace?: string | undefined;
}

/** Options of `functionCall()`, `shellCall()` and `applyPatch()`. */
export interface FunctionCallOptions {
  /** The id of the call. Defaults to one that is unique to the model. It is also the id of the thread's item. */
  readonly callId?: string | undefined;
  /** The namespace of the tool: `mcp__<server>` for a tool of an MCP server. Defaults to none. */
  readonly namespace?: string | undefined;
}

const CALL_OPTIONS = optionsOf<FunctionCallOptions>({ callId: checkText, namespace: checkText });

/** Ends the patch in the shell command. A patch cannot have this line: its lines start with a mark. */
const PATCH_END = "CODEX_PATCH_END";

/**
 * Makes a step that calls the tool `name`. `args` is sent as JSON; a string is sent as it stands and
 * may be broken JSON.
 *
 * @example
 * ```ts
 * harness.model.enqueue(functionCall("weather", { city: "Oslo" })).reply("It is cold.");
 * ```
 *
 * @throws InvalidOptionError
 */
export function functionCall(
  name: string,
  args: object | string,
  options: FunctionCallOptions = {},
): FunctionCallStep {
  checkText("name", name);
  checkOptions("functionCall()", options, CALL_OPTIONS);
  return { kind: "functionCall", name, arguments: toJson(args), ...options };
}

/**
 * Makes a step that calls the runtime's shell tool. `args` are further arguments of that tool, such as
 * `{ sandbox_permissions: "require_escalated" }`.
 *
 * @example
 * ```ts
 * harness.model.enqueue(shellCall("ls")).reply("There are two files.");
 * ```
 *
 * @throws InvalidOptionError
 */
export function shellCall(
  command: string,
  args: Readonly<Record<string, unknown>> = {},
  options: FunctionCallOptions = {},
): FunctionCallStep {
  checkText("command", command);
  checkObject("args", args);
  return functionCall("exec_command", { cmd: command, ...args }, options);
}

/**
 * Makes a step that changes files: the runtime shows a `fileChange` item and asks for approval where its
 * settings demand that. `changes` maps each path to the file's new text, or to `null` to delete the file.
 * A string is a patch in the format of the runtime's `apply_patch`. Paths are relative to the thread's
 * working directory.
 *
 * @example
 * ```ts
 * harness.model.enqueue(applyPatch({ "notes.txt": "Buy milk.\n" })).reply("Noted.");
 * ```
 *
 * @throws InvalidOptionError
 */
export function applyPatch(
  changes: Readonly<Record<string, string | null>> | string,
  options: FunctionCallOptions = {},
): FunctionCallStep {
  // The runtime has no tool for this: it recognises the command.
  const command = `apply_patch <<'${PATCH_END}'\n${toPatch(changes)}\n${PATCH_END}`;
  return shellCall(command, {}, options);
}

export const FUNCTION_CALL: StepKind<FunctionCallStep> = {
  kind: "functionCall",
  create: functionCall,
  effect: "sends",
  play: (step, stream) =>
    stream.send(functionCallDone({ ...step, callId: step.callId ?? stream.nextId("call") })),
};

function toJson(args: unknown): string {
  if (typeof args === "string") {
    checkWellFormed("args", args);
    return args;
  }
  if (typeof args !== "object" || args === null) {
    throw new InvalidOptionError(
      "args",
      `expected an object, or JSON text, not ${describeValue(args)}.`,
    );
  }
  try {
    return JSON.stringify(args);
  } catch (cause) {
    throw new InvalidOptionError(
      "args",
      `cannot be sent as JSON; BigInt and circular references are not supported (${String(cause)}).`,
    );
  }
}
