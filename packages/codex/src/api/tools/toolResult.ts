import type { DynamicToolCallResponse } from "@openai/codex-types";

import { InvalidOptionError } from "../../errors.js";
import { checkWellFormed, describeType } from "../../internal/validate.js";
import { checkContent, isContent, type ToolContent } from "./toolContent.js";

/**
 * Return value of a tool's `execute`: a string, content (one item or an array of them), nothing, or
 * any other value, which the model receives as JSON.
 */
export type ToolResult =
  | string
  | ToolContent
  | readonly ToolContent[]
  | object
  | number
  | boolean
  | null
  | undefined
  | void;

const OPTION = "execute";

/**
 * Builds the response for a call that succeeded.
 *
 * @throws InvalidOptionError for a value that is not JSON, and for content that the runtime would drop.
 */
export function toSuccess(result: unknown): DynamicToolCallResponse {
  return { success: true, contentItems: toContent(result) };
}

/** Builds the response for a call that failed, with the reason for the model. Never throws. */
export function toFailure(reason: string): DynamicToolCallResponse {
  // A reason may quote anything, and a lone surrogate would make the response unparsable.
  const text = reason.replaceAll(/\p{Surrogate}/gu, "\ufffd");
  return { success: false, contentItems: [{ type: "inputText", text }] };
}

function toContent(result: unknown): ToolContent[] {
  if (result === undefined) return [];
  if (typeof result === "string") {
    checkWellFormed(OPTION, result);
    return [{ type: "inputText", text: result }];
  }
  const items: readonly unknown[] = Array.isArray(result) ? result : [result];
  if (items.length > 0 && items.every(isContent)) {
    for (const item of items) checkContent(OPTION, item);
    return [...items];
  }
  return [{ type: "inputText", text: toJson(result) }];
}

function toJson(result: unknown): string {
  // The declared type leaves out that JSON.stringify returns undefined for a function or a symbol.
  const json: unknown = JSON.stringify(result);
  if (typeof json === "string") return json;
  throw new InvalidOptionError(
    OPTION,
    `returned ${describeType(result)}, which cannot be written as JSON; return a string, content or a plain value.`,
  );
}
