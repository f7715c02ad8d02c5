import type {
  DynamicToolCallOutputContentItem,
  DynamicToolCallResponse,
} from "@openai/codex-types";

import { InvalidOptionError } from "../../errors.js";
import { isObject } from "../../rpc/message.js";

/** A piece of what a tool tells the model. */
export type ToolContent = DynamicToolCallOutputContentItem;

/**
 * What a tool's `execute` may return: a string, content (one item or a list of them), nothing, or any
 * other value, which the model gets as JSON.
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

/** A text for the model, to stand beside images. */
export function toolText(text: string): ToolContent {
  return { type: "inputText", text };
}

/**
 * An image for the model: a `data:` URL, or the bytes and their type (such as `image/png`).
 *
 * @throws InvalidOptionError for another URL: the runtime refuses those.
 */
export function toolImage(
  image: string | { readonly data: Uint8Array; readonly mimeType: string },
): ToolContent {
  if (typeof image !== "string") {
    const base64 = Buffer.from(image.data).toString("base64");
    return { type: "inputImage", imageUrl: `data:${image.mimeType};base64,${base64}` };
  }
  if (!/^data:/i.test(image)) {
    throw new InvalidOptionError(
      "image",
      `${JSON.stringify(image.slice(0, 100))} is no data: URL, and the runtime fetches nothing; pass the bytes.`,
    );
  }
  return { type: "inputImage", imageUrl: image };
}

/** What the model is told of a call that went well. Throws for a value that is no JSON. */
export function toSuccess(result: unknown): DynamicToolCallResponse {
  return { success: true, contentItems: toContent(result) };
}

/** What the model is told of a call that failed. */
export function toFailure(text: string): DynamicToolCallResponse {
  return { success: false, contentItems: [toolText(text)] };
}

function toContent(result: unknown): ToolContent[] {
  if (result === undefined) return [];
  if (typeof result === "string") return [toolText(result)];
  if (isContent(result)) return [result];
  if (Array.isArray(result) && result.length > 0 && result.every(isContent)) return result;
  const json: unknown = JSON.stringify(result);
  if (typeof json !== "string") {
    throw new InvalidOptionError("execute", `returned a ${typeof result}, which is no JSON.`);
  }
  return [toolText(json)];
}

/** The members that make an object a content item; one with more of them is a value of the tool's own. */
const CONTENT_MEMBERS: Readonly<Record<string, string>> = {
  inputText: "text",
  inputImage: "imageUrl",
  inputAudio: "audioUrl",
};

function isContent(value: unknown): value is ToolContent {
  if (!isObject(value) || typeof value["type"] !== "string") return false;
  const member = CONTENT_MEMBERS[value["type"]];
  return (
    member !== undefined && typeof value[member] === "string" && Object.keys(value).length === 2
  );
}
