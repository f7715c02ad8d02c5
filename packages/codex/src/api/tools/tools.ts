import type { DynamicToolCallResponse, JsonValue } from "@openai/codex-types";

import { InvalidOptionError } from "../../errors.js";
import { checkOptions, namesOf } from "../knownOptions.js";
import { checkToolName } from "./toolNames.js";
import { toFailure, type ToolResult, toSuccess } from "./toolResult.js";
import { prepareInput, type ToolInput, type ToolInputSchema } from "./toolSchema.js";

/** What `execute` is given beside its input. */
export interface ToolContext {
  /** Aborted when the result is not wanted any more: the turn was interrupted, or the connection ended. */
  readonly signal: AbortSignal;
  /** The call's id: that of its `dynamicToolCall` item. */
  readonly callId: string;
  /** The thread whose model calls. */
  readonly threadId: string;
  /** The turn that waits for the result. */
  readonly turnId: string;
}

/** What `tool()` makes a tool of. */
export interface ToolDefinition<Schema extends ToolInputSchema = ToolInputSchema> {
  /** By which the model calls it: 1 to 64 of `a-z`, `A-Z`, `0-9`, `_` and `-`. */
  readonly name: string;
  /** What it does, and when to use it, for the model. */
  readonly description: string;
  /** A schema object types and validates the input; a plain JSON Schema only tells the model of it. */
  readonly inputSchema: Schema;
  /** Does the work. What it throws is told to the model, by its message, as a failed call. */
  readonly execute: (
    input: ToolInput<Schema>,
    context: ToolContext,
  ) => ToolResult | Promise<ToolResult>;
}

/** A function of the application that the model can call. Made by `tool()`. */
export interface AnyTool {
  /** By which the model calls it. */
  readonly name: string;
  /** What the model is told of it. */
  readonly description: string;
  /** The JSON Schema that the model is told. */
  readonly inputSchema: JsonValue;
  /**
   * Answers one call, as the runtime would make it: validates, executes, and makes the wire's answer.
   * Never rejects: what goes wrong is a failed call. Of use to test a tool with no runtime.
   */
  call(args: unknown, context: ToolContext): Promise<DynamicToolCallResponse>;
}

const DEFINITION_NAMES = namesOf<ToolDefinition>({
  name: true,
  description: true,
  inputSchema: true,
  execute: true,
});

/**
 * Makes a function of the application callable by the model (`item/tool/call`), to be passed to
 * `startThread` in `tools`. Needs the experimental API, which is on by default.
 *
 * @throws InvalidOptionError for a name that does not fit or is the runtime's own, and for a schema
 * that is none, or cannot be written as the JSON Schema of an object.
 */
export function tool<Schema extends ToolInputSchema>(definition: ToolDefinition<Schema>): AnyTool {
  checkOptions("tool", definition, DEFINITION_NAMES);
  const { name, description, inputSchema, execute } = definition;
  checkToolName(name);
  if (typeof description !== "string") {
    throw new InvalidOptionError("description", `expected a string, not ${typeof description}.`);
  }
  if (typeof execute !== "function") {
    throw new InvalidOptionError("execute", `expected a function, not ${typeof execute}.`);
  }
  const { wireSchema, check } = prepareInput(inputSchema);
  return {
    name,
    description,
    inputSchema: wireSchema,
    call: async (args, context) => {
      try {
        const checked = await check(args);
        if (checked.isValid) return toSuccess(await execute(checked.input, context));
        const problems = checked.problems.map((problem) => `- ${problem}`);
        return toFailure([`The arguments of ${name} are not valid:`, ...problems].join("\n"));
      } catch (error) {
        return toFailure(describeError(error));
      }
    },
  };
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === "" ? error.name : error.message;
}
