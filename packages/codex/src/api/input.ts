import type { TurnToolOutput, UserInput } from "@openai/codex-types";

import { InvalidOptionError } from "../errors.js";
import { checkJson } from "../internal/checkJson.js";
import { isList, isObject } from "../internal/isObject.js";
import { checkRemotePath } from "../internal/paths.js";
import {
  checkPath,
  checkText,
  checkWellFormed,
  describeValue,
  readGiven,
} from "../internal/validate.js";
import { type ExternalMessage, toToolOutput } from "./externalMessage.js";
import { checkImageUrl } from "./images/checkImage.js";
import { checkFile, checkImageFile } from "./images/imageFile.js";
import { checkInputLength } from "./inputLength.js";

type InputOf<Type extends UserInput["type"]> = Extract<UserInput, { readonly type: Type }>;

/** One part of the user's input. */
export type InputItem =
  | InputOf<"text">
  | Extract<InputOf<"image">, { readonly url: string }>
  | InputOf<"localImage">
  | InputOf<"skill">
  | InputOf<"mention">;

/** A turn without new input. Made by `continueInput()`. */
export interface ContinueInput {
  readonly type: "continue";
}

/** Input of a turn: a text, parts in order, a message of an external sender, or nothing new. */
export type RunInput = string | InputItem | readonly InputItem[] | ExternalMessage | ContinueInput;

/**
 * Makes a text. A plain string is the same.
 *
 * @example
 * ```ts
 * await thread.run([textInput("Describe this picture."), localImageInput("diagram.png")]);
 * ```
 *
 * @throws InvalidOptionError when `text` is not a string, or has a lone surrogate.
 */
export function textInput(text: string): InputItem {
  checkWellFormed("text", text);
  return { type: "text", text };
}

/**
 * Makes an image from a `data:image/…;base64,…` URL: PNG, JPEG, GIF or WebP. The runtime refuses
 * remote URLs.
 *
 * @example
 * ```ts
 * const png = await readFile("diagram.png", "base64");
 * await thread.run([textInput("Describe this."), imageInput(`data:image/png;base64,${png}`)]);
 * ```
 *
 * @throws InvalidOptionError when `url` is not a string. The image itself is checked by `run`, `turn`
 * and `steer`.
 */
export function imageInput(url: string): InputItem {
  checkWellFormed("url", url);
  return { type: "image", url };
}

/**
 * Makes an image from a file: PNG, JPEG, GIF or WebP. A relative path is resolved against the working
 * directory of this process.
 *
 * @example
 * ```ts
 * await thread.run([textInput("Describe this."), localImageInput("./diagram.png")]);
 * ```
 *
 * @throws InvalidOptionError when `path` cannot be a path. The file itself is checked by `run`, `turn`
 * and `steer`.
 */
export function localImageInput(path: string): InputItem {
  checkPath("path", path);
  return { type: "localImage", path };
}

/**
 * Makes a reference to a skill: its name and the path of its `SKILL.md`. The runtime must have found it
 * from the folder of the turn: see `codex.skills()`.
 *
 * @example
 * ```ts
 * const path = ".agents/skills/greeter/SKILL.md";
 * await thread.run([textInput("Greet me."), skillInput("greeter", path)]);
 * ```
 *
 * @throws InvalidOptionError when the name is empty, or `path` cannot be a path. The file itself is
 * checked by `run`, `turn` and `steer`.
 */
export function skillInput(name: string, path: string): InputItem {
  checkText("name", name);
  checkPath("path", path);
  return { type: "skill", name, path };
}

/**
 * Makes a mention of an app or a plugin: its name and its path, such as `app://…`. The runtime ignores a
 * mention that it does not know: write the path of a file into the text.
 *
 * @example
 * ```ts
 * await thread.run([textInput("What is next?"), mentionInput("calendar", "app://calendar")]);
 * ```
 *
 * @throws InvalidOptionError when the name or the path is empty.
 */
export function mentionInput(name: string, path: string): InputItem {
  checkText("name", name);
  checkPath("path", path);
  return { type: "mention", name, path };
}

/**
 * Makes the input of a turn that adds nothing: the model continues from the history of the thread.
 * Use it after a turn that failed or was interrupted. The user's text is not sent again, and commands
 * that ran are not repeated. It starts a turn, and cannot be added to a running one.
 *
 * @example
 * ```ts
 * const result = await thread
 *   .run("Summarise the changes.")
 *   .catch(() => thread.run(continueInput()));
 * ```
 */
export function continueInput(): ContinueInput {
  return { type: "continue" };
}

/** Facts that decide which inputs are possible. */
export interface InputContext {
  /**
   * The runtime runs on this machine, so that paths can be checked.
   *
   * @default true
   */
  readonly isLocal?: boolean | undefined;
  /**
   * The input may be added to a running turn (`whenBusy: "steer"`).
   *
   * @default false
   */
  readonly maySteer?: boolean | undefined;
}

/** The members of `turn/start` that the input of a turn determines. */
export interface TurnInput {
  readonly input: UserInput[];
  readonly toolOutput?: TurnToolOutput;
  readonly turnTrigger?: string;
}

/**
 * Builds the members of `turn/start` for an input.
 *
 * @throws InvalidOptionError for what the runtime would refuse, ignore, or never respond to.
 */
export function toTurnInput(input: RunInput, context: InputContext = {}): TurnInput {
  if (context.maySteer !== true) {
    if (hasType(input, "externalMessage")) return { input: [], ...toToolOutput(input) };
    if (hasType(input, "continue")) return { input: [] };
  }
  return { input: toWireInput(input, context) };
}

/**
 * Builds the wire form of the user's input, for `turn/start` and `turn/steer`.
 *
 * @throws InvalidOptionError for what the runtime would refuse, ignore, or never respond to; and for
 * `externalMessage()` and `continueInput()`, which can only start a turn.
 */
export function toWireInput(input: RunInput, { isLocal = true }: InputContext = {}): UserInput[] {
  const isAlone = !isList(input);
  const nameOf = (index: number) => (isAlone ? "input" : `input[${index}]`);
  // `Array.from` keeps the holes of a sparse list, which no callback would see.
  const given: readonly unknown[] = isAlone ? [input] : readGiven("input", () => Array.from(input));
  const items = given.map((item, index) => copyItem(nameOf(index), item));
  if (items.length === 0) {
    throw new InvalidOptionError("input", "is an empty array; pass a text or at least one item.");
  }
  checkInputLength("input", items.flatMap(textOf));
  return items.map((item, index) => {
    checkIsUsers(nameOf(index), item, isAlone);
    return toWireItem(nameOf(index), item, isLocal);
  });
}

/** A plain copy with the members that the checks read: what they have seen is what is sent. */
function copyItem(name: string, item: unknown): unknown {
  if (!isObject(item)) return item;
  return readGiven(name, () => {
    const { type } = item;
    const members = isItemType(type) ? Object.keys(MEMBERS[type]) : [];
    return { ...item, type, ...Object.fromEntries(members.map((one) => [one, item[one]])) };
  });
}

function isItemType(type: unknown): type is InputItem["type"] {
  return typeof type === "string" && Object.hasOwn(MEMBERS, type);
}

function hasType<Type extends "externalMessage" | "continue">(
  value: unknown,
  type: Type,
): value is Extract<RunInput, { readonly type: Type }> {
  return isObject(value) && readGiven("input", () => value["type"]) === type;
}

function textOf(item: unknown): string[] {
  const text = isObject(item) && item["type"] === "text" ? item["text"] : item;
  return typeof text === "string" ? [text] : [];
}

function checkIsUsers(name: string, item: unknown, isAlone: boolean): void {
  if (!hasType(item, "externalMessage") && !hasType(item, "continue")) return;
  const maker = hasType(item, "continue") ? "continueInput()" : "externalMessage()";
  throw new InvalidOptionError(
    name,
    isAlone
      ? `${maker} can only start a turn, not be added to a running one; wait for the end of that turn, or pass whenBusy: "queue".`
      : `${maker} is the whole input of a turn and cannot be combined with other items; pass it without them.`,
  );
}

type MemberChecks = Readonly<Record<string, (name: string, value: unknown) => void>>;

/** The strings that each item must have. */
const MEMBERS: Readonly<Record<InputItem["type"], MemberChecks>> = {
  text: { text: checkWellFormed },
  image: { url: checkWellFormed },
  localImage: { path: checkPath },
  skill: { name: checkText, path: checkPath },
  mention: { name: checkText, path: checkPath },
};

function toWireItem(name: string, item: unknown, isLocal: boolean): UserInput {
  const candidate: unknown = typeof item === "string" ? { type: "text", text: item } : item;
  checkItem(name, candidate);
  switch (candidate.type) {
    case "image":
      checkImageUrl(`${name}.url`, candidate.url);
      return candidate;
    case "localImage": {
      const { path } = candidate;
      const check = isLocal ? checkImageFile : checkRemotePath;
      return { ...candidate, path: check(`${name}.path`, path) };
    }
    case "skill": {
      const { path } = candidate;
      if (isLocal) return { ...candidate, path: checkFile(`${name}.path`, path, "skill") };
      return { ...candidate, path: checkRemotePath(`${name}.path`, path) };
    }
    case "text":
    case "mention":
      return candidate;
  }
}

function checkItem(name: string, item: unknown): asserts item is InputItem {
  const type = isObject(item) ? item["type"] : undefined;
  if (!isObject(item) || !isItemType(type)) {
    throw new InvalidOptionError(
      name,
      `unsupported input item: ${describeItem(item)}; pass a string, or what textInput, imageInput, localImageInput, skillInput or mentionInput returns.`,
    );
  }
  for (const [member, check] of Object.entries(MEMBERS[type])) {
    check(`${name}.${member}`, item[member]);
  }
  // Of other members, such as `text_elements`, JSON might leave something out.
  checkJson(name, item);
}

function describeItem(item: unknown): string {
  if (!isObject(item)) return describeValue(item);
  return `an object with the type ${describeValue(item["type"])}`;
}
