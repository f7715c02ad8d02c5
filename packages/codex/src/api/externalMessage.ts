import type { FunctionCallOutputContentItem, TurnToolOutput } from "@openai/codex-types";

import { InvalidOptionError } from "../errors.js";
import {
  checkRequiredOptions,
  checkText,
  checkWellFormed,
  describeValue,
  optionsOf,
} from "../internal/validate.js";
import { checkInputLength } from "./inputLength.js";
import { checkContent, isContent, type ToolContent } from "./tools/toolContent.js";

/** Options of `externalMessage`. */
export interface ExternalMessageOptions {
  /** Name of the sender, such as `inbox`. The model sees it as the name of a tool. */
  readonly name: string;
  /** Namespace of the name, such as `mail`. */
  readonly namespace?: string | undefined;
  /** The message: a text, or content made by `toolText` and `toolImage`. */
  readonly output: string | readonly ToolContent[];
  /** Classification of the turn's source, such as `webhook` (`turnTrigger`). */
  readonly source?: string | undefined;
}

/** A message of an external sender, as the whole input of a turn. Made by `externalMessage()`. */
export interface ExternalMessage extends ExternalMessageOptions {
  readonly type: "externalMessage";
}

const EXTERNAL_MESSAGE = optionsOf<ExternalMessageOptions>({
  name: checkText,
  namespace: checkText,
  output: checkOutput,
  source: checkText,
});

/**
 * Makes the input of a turn from content of others, such as a mail, a webhook or an issue. The model
 * receives it as the output of a tool, with the authority of a tool and not of the user. It is the
 * whole input of the turn: it cannot be combined with other items, or be added to a running turn.
 *
 * @example
 * ```ts
 * const mail = "Please move the release to Friday.";
 * await thread.run(externalMessage({ namespace: "mail", name: "inbox", output: mail }));
 * ```
 *
 * @throws InvalidOptionError for an empty name and for content that the runtime does not accept.
 */
export function externalMessage(options: ExternalMessageOptions): ExternalMessage {
  checkRequiredOptions("externalMessage()", options, EXTERNAL_MESSAGE);
  checkText("name", options.name);
  checkOutput("output", options.output);
  return { type: "externalMessage", ...options };
}

/**
 * Builds the members of `turn/start` for an external message, which may be a plain object.
 *
 * @throws InvalidOptionError
 */
export function toToolOutput(message: ExternalMessage): {
  readonly toolOutput: TurnToolOutput;
  readonly turnTrigger?: string;
} {
  const { type: _type, ...given } = message;
  const { name, namespace, output, source } = externalMessage(given);
  return {
    toolOutput: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      output: typeof output === "string" ? output : output.map(toWireContent),
    },
    ...(source === undefined ? {} : { turnTrigger: source }),
  };
}

function checkOutput(name: string, value: unknown): asserts value is ExternalMessage["output"] {
  if (typeof value === "string") {
    checkInputLength(name, [value]);
    checkWellFormed(name, value);
    return;
  }
  if (!Array.isArray(value) || value.length === 0) {
    throw new InvalidOptionError(
      name,
      `expected a string or an array made by toolText() and toolImage(), not ${Array.isArray(value) ? "an empty array" : describeValue(value)}.`,
    );
  }
  const items: readonly unknown[] = value;
  checkInputLength(
    name,
    items.flatMap((item) => (isContent(item) && item.type === "inputText" ? [item.text] : [])),
  );
  for (const [index, item] of items.entries()) checkContent(`${name}[${index}]`, item);
}

function toWireContent(item: ToolContent): FunctionCallOutputContentItem {
  switch (item.type) {
    case "inputText":
      return { type: "input_text", text: item.text };
    case "inputImage":
      return { type: "input_image", image_url: item.imageUrl };
    case "inputAudio":
      return { type: "input_audio", audio_url: item.audioUrl };
  }
}
