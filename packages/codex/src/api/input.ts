import { statSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";

import type { UserInput } from "@openai/codex-types";

import { InvalidOptionError } from "../errors.js";

type InputOf<Type extends UserInput["type"]> = Extract<UserInput, { readonly type: Type }>;

/** One part of what a turn is given. */
export type InputItem =
  | InputOf<"text">
  | Extract<InputOf<"image">, { readonly url: string }>
  | InputOf<"localImage">
  | InputOf<"skill">
  | InputOf<"mention">;

/** What a turn is given: a text, or parts in order. */
export type RunInput = string | InputItem | readonly InputItem[];

/** The runtime's own limit for all text of one input, in characters. */
export const MAX_INPUT_CHARACTERS = 1_048_576;

/** A text. A plain string is the same. */
export function textInput(text: string): InputItem {
  return { type: "text", text };
}

/** An image as a `data:image/…;base64,…` URL. The runtime refuses remote URLs. */
export function imageInput(url: string): InputItem {
  return { type: "image", url };
}

/** An image file of this machine; a relative path is resolved against this process's folder. */
export function localImageInput(path: string): InputItem {
  return { type: "localImage", path };
}

/** A skill: its name and the path of its `SKILL.md`. */
export function skillInput(name: string, path: string): InputItem {
  return { type: "skill", name, path };
}

/** A mention of an app, a plugin or a file: its name and path, such as `app://…`. */
export function mentionInput(name: string, path: string): InputItem {
  return { type: "mention", name, path };
}

/**
 * The wire form of an input. Refuses, with an `InvalidOptionError` and before anything is sent, what
 * the runtime would refuse, ignore, or never answer.
 */
export function toWireInput(input: RunInput): UserInput[] {
  if (typeof input === "string") return toWireInput([textInput(input)]);
  const items: readonly unknown[] = Array.isArray(input) ? input : [input];
  if (items.length === 0) {
    throw new InvalidOptionError("input", "is an empty list; give a text or at least one item.");
  }
  const wire = items.map((item, index) => toWireItem(item, `input[${index}]`));
  const characters = wire.reduce(
    (sum, item) => sum + (item.type === "text" ? [...item.text].length : 0),
    0,
  );
  if (characters > MAX_INPUT_CHARACTERS) {
    throw new InvalidOptionError(
      "input",
      `holds ${characters} characters of text, more than the ${MAX_INPUT_CHARACTERS} that the runtime takes; put it into a file and name that.`,
    );
  }
  return wire;
}

function toWireItem(item: unknown, name: string): UserInput {
  const candidate = typeof item === "string" ? textInput(item) : item;
  if (!isInputItem(candidate)) {
    throw new InvalidOptionError(
      name,
      `unsupported input item: ${show(item)}; use textInput, imageInput, localImageInput, skillInput or mentionInput.`,
    );
  }
  checkWellFormed(candidate, name);
  switch (candidate.type) {
    case "text":
      return candidate;
    case "image":
      return checkImageUrl(candidate, name);
    case "localImage":
      return checkLocalImage(candidate, name);
    case "skill":
    case "mention":
      return candidate;
  }
}

/** Refused here, and not only as the message is written: by then the thread's place is taken. */
function checkWellFormed(item: InputItem, name: string): void {
  for (const [member, value] of Object.entries(item)) {
    if (typeof value !== "string" || !LONE_SURROGATE.test(value)) continue;
    throw new InvalidOptionError(
      `${name}.${member}`,
      "the text holds half of a surrogate pair, which is no well-formed Unicode; cut text at code points, or repair it with toWellFormed().",
    );
  }
}

function checkImageUrl<T extends { readonly url: string }>(item: T, name: string): T {
  if (item.url.startsWith("data:image/")) return item;
  throw new InvalidOptionError(
    name,
    `the runtime takes images only inline, not from ${item.url.slice(0, 100)}; load it and pass a data:image/…;base64,… URL, or use localImageInput for a file.`,
  );
}

function checkLocalImage(item: InputOf<"localImage">, name: string): InputOf<"localImage"> {
  // The runtime does not resolve a relative path against the thread's folder.
  const path = isAbsolute(item.path) ? item.path : resolve(item.path);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new InvalidOptionError(name, `the image ${path} does not exist or is no file.`);
  }
  return { ...item, path };
}

const LONE_SURROGATE = /\p{Surrogate}/u;

const STRING_MEMBERS: Readonly<Record<InputItem["type"], readonly string[]>> = {
  text: ["text"],
  image: ["url"],
  localImage: ["path"],
  skill: ["name", "path"],
  mention: ["name", "path"],
};

function isInputItem(value: unknown): value is InputItem {
  if (typeof value !== "object" || value === null || !("type" in value)) return false;
  const { type } = value;
  if (typeof type !== "string" || !Object.hasOwn(STRING_MEMBERS, type)) return false;
  const members: Readonly<Record<string, unknown>> = { ...value };
  // `hasOwn` above shows that `type` is one of the table's keys.
  return STRING_MEMBERS[type as InputItem["type"]].every(
    (member) => typeof members[member] === "string",
  );
}

function show(value: unknown): string {
  try {
    return (JSON.stringify(value) ?? String(value)).slice(0, 200);
  } catch {
    return String(value);
  }
}
