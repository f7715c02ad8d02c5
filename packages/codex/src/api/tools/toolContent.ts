import type { DynamicToolCallOutputContentItem } from "@openai/codex-types";

import { InvalidOptionError } from "../../errors.js";
import { isObject } from "../../internal/isObject.js";
import {
  checkOptions,
  checkText,
  checkWellFormed,
  describeValue,
  optionsOf,
} from "../../internal/validate.js";
import { readerOf } from "../images/byteReader.js";
import { checkImageBytes, checkImageUrl } from "../images/checkImage.js";

/** One content item of a tool's result: a text, an image or a sound. */
export type ToolContent = DynamicToolCallOutputContentItem;

/** The bytes of an image and their type. */
export interface ToolImageData {
  /** The whole image: PNG, JPEG, GIF or WebP. */
  readonly data: Uint8Array;
  /** Media type of the bytes, such as `image/png`. */
  readonly mimeType: string;
}

/**
 * Makes a text for the model, to be returned beside images.
 *
 * @example
 * ```ts
 * const content = [toolText("The chart of this week:"), toolImage({ data, mimeType: "image/png" })];
 * ```
 *
 * @throws InvalidOptionError when `text` is not a string, or has a lone surrogate.
 */
export function toolText(text: string): ToolContent {
  checkWellFormed("text", text);
  return { type: "inputText", text };
}

const IMAGE_DATA = optionsOf<ToolImageData>({ data: () => {}, mimeType: checkText });

/**
 * Makes an image for the model from a `data:` URL, or from the bytes and their type.
 *
 * @example
 * ```ts
 * const image = toolImage({ data: await readFile("chart.png"), mimeType: "image/png" });
 * ```
 *
 * @throws InvalidOptionError for a remote URL, for an image that is not PNG, JPEG, GIF or WebP, or is
 * damaged, and for a type that is not the type of the bytes: the runtime drops or refuses those.
 */
export function toolImage(image: string | ToolImageData): ToolContent {
  if (typeof image === "string") {
    checkImageUrl("image", image);
    return { type: "inputImage", imageUrl: image };
  }
  if (!isObject(image)) {
    throw new InvalidOptionError(
      "image",
      `expected a data: URL, or an object with data and mimeType, not ${describeValue(image)}.`,
    );
  }
  checkOptions("toolImage()", image, IMAGE_DATA);
  const { data, mimeType } = image;
  if (!isBytes(data)) {
    throw new InvalidOptionError(
      "data",
      `expected the bytes as a Uint8Array, not ${describeValue(data)}; decode base64 text with Buffer.from(text, "base64").`,
    );
  }
  checkText("mimeType", mimeType);
  checkImageBytes("data", readerOf(data), mimeType);
  return {
    type: "inputImage",
    imageUrl: `data:${mimeType};base64,${Buffer.from(data).toString("base64")}`,
  };
}

/** Checks by the tag, so that an array of another realm (jsdom, a worker) is accepted, too. */
function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && "BYTES_PER_ELEMENT" in value && value.BYTES_PER_ELEMENT === 1;
}

/** The one member that each content item has; an object with more members is a value of the tool's own. */
const CONTENT_MEMBERS: Readonly<Record<ToolContent["type"], string>> = {
  inputText: "text",
  inputImage: "imageUrl",
  inputAudio: "audioUrl",
};

/** Returns whether a value has the form of a content item. */
export function isContent(value: unknown): value is ToolContent {
  if (!isObject(value) || typeof value["type"] !== "string") return false;
  if (!Object.hasOwn(CONTENT_MEMBERS, value["type"])) return false;
  // SAFETY: `hasOwn` has shown that the type is a key of the table.
  const member = CONTENT_MEMBERS[value["type"] as ToolContent["type"]];
  return typeof value[member] === "string" && Object.keys(value).length === 2;
}

/**
 * Checks a content item, which may not come from `toolText` or `toolImage`.
 *
 * @throws InvalidOptionError
 */
export function checkContent(name: string, value: unknown): asserts value is ToolContent {
  if (!isContent(value)) {
    throw new InvalidOptionError(
      name,
      `expected content made by toolText() or toolImage(), not ${describeValue(value)}.`,
    );
  }
  switch (value.type) {
    case "inputText":
      return checkWellFormed(name, value.text);
    case "inputImage":
      return checkImageUrl(name, value.imageUrl);
    case "inputAudio":
      return checkWellFormed(name, value.audioUrl);
  }
}
