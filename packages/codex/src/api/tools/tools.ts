import type { DynamicToolCallResponse, JsonValue } from "@openai/codex-types";

import { isObject } from "../../internal/isObject.js";
import {
  checkFunction,
  checkRequiredOptions,
  checkWellFormed,
  describeValue,
  optionsOf,
  readGiven,
} from "../../internal/validate.js";
import { checkToolName } from "./toolNames.js";
import { toFailure, type ToolResult, toSuccess } from "./toolResult.js";
import { prepareInput, type ToolInput, type ToolInputSchema } from "./toolSchema.js";

/** Facts about one call of a tool. */
export interface ToolContext {
  /** Aborted when the result is not used any more: the turn was interrupted, or the connection ended. */
  readonly signal: AbortSignal;
  /** Id of the call, and of its `dynamicToolCall` item. */
  readonly callId: string;
  /** Id of the thread whose model made the call. */
  readonly threadId: string;
  /** Id of the turn that waits for the result. */
  readonly turnId: string;
}

/** Definition of a tool, for `tool()`. */
export interface ToolDefinition<Schema extends ToolInputSchema = ToolInputSchema> {
  /** Tool name shown to the model. Must match `[a-zA-Z0-9_-]{1,64}`. */
  readonly name: string;
  /** Description for the model: what the tool does, and when to use it. */
  readonly description: string;
  /** Schema of the input. A schema object types and validates the input; a plain JSON Schema is only sent to the model. */
  readonly inputSchema: Schema;
  /** Does the work. When it throws, the call fails and the model receives the error's message. */
  readonly execute: (
    input: ToolInput<Schema>,
    context: ToolContext,
  ) => ToolResult | Promise<ToolResult>;
}

/** A function of the application that the model can call. Made by `tool()`. */
export interface AnyTool {
  /** Tool name shown to the model. */
  readonly name: string;
  /** Description shown to the model. */
  readonly description: string;
  /** JSON Schema of the input, as sent to the model. */
  readonly inputSchema: JsonValue;
  /**
   * Handles one call as for the runtime: validates the arguments, executes, and builds the wire
   * response. Never rejects: every failure is a failed call. Useful to test a tool without a runtime.
   */
  call(args: unknown, context: ToolContext): Promise<DynamicToolCallResponse>;
}

const DEFINITION = optionsOf<ToolDefinition>({
  name: checkToolName,
  description: checkWellFormed,
  // prepareInput checks it: a schema may be an object or a function.
  inputSchema: () => {},
  execute: checkFunction,
});

/**
 * Makes a function of the application callable by the model (`item/tool/call`). Pass the tool to
 * `startThread` in `tools`. Needs the experimental API, which is on by default.
 *
 * @example
 * ```ts
 * const stock = tool({
 *   name: "stock",
 *   description: "Returns how many pieces of an article are in stock.",
 *   inputSchema: { type: "object", properties: { article: { type: "string" } } },
 *   execute: async (input) => ({ input, pieces: 12 }),
 * });
 * const thread = await codex.startThread({ tools: [stock] });
 * ```
 *
 * @throws InvalidOptionError for an invalid name, a name of the runtime's own tools, and a schema that
 * cannot be written as the JSON Schema of an object.
 */
export function tool<Schema extends ToolInputSchema>(definition: ToolDefinition<Schema>): AnyTool {
  checkRequiredOptions("tool()", definition, DEFINITION);
  const { name, description, inputSchema, execute } = definition;
  checkToolName("name", name);
  checkWellFormed("description", description);
  checkFunction("execute", execute);
  const { wireSchema, check } = readGiven("inputSchema", () => prepareInput(inputSchema));
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
  if (typeof error === "string") return error;
  if (!isObject(error)) return describeValue(error);
  // Read as members, so that an error of another realm is described, too.
  const texts = [error["message"], error["name"]];
  return (
    texts.find((text) => typeof text === "string" && text !== "")?.toString() ?? "The call failed."
  );
}
