import type { JsonValue, ResponseItem } from "@openai/codex-types";

import { InvalidOptionError } from "../errors.js";
import { checkJson } from "../internal/checkJson.js";
import { isList, isObject } from "../internal/isObject.js";
import { checkObject, checkOneOf, describeValue, readGiven } from "../internal/validate.js";
import type { RequestOptions } from "../rpc/requestOptions.js";
import { checkImageUrl } from "./images/checkImage.js";
import type { ThreadOpener } from "./threadOpener.js";
import { waitWithin } from "./timeLimit.js";

/** The types of items that the runtime takes; it drops an item of another type without an error. */
const TYPES = Object.keys({
  additional_tools: true,
  agent_message: true,
  compaction: true,
  compaction_trigger: true,
  configuration_update: true,
  context_compaction: true,
  custom_tool_call: true,
  custom_tool_call_output: true,
  function_call: true,
  function_call_output: true,
  image_generation_call: true,
  local_shell_call: true,
  message: true,
  reasoning: true,
  tool_search_call: true,
  tool_search_output: true,
  web_search_call: true,
} satisfies Record<Exclude<ResponseItem["type"], "other">, true>);

/**
 * Adds items to the history that the model reads (`thread/inject_items`).
 *
 * @throws InvalidOptionError when `items` is not a list of items that the model would see.
 */
export async function injectItems(
  opener: ThreadOpener,
  threadId: string,
  items: readonly JsonValue[],
  options: RequestOptions,
): Promise<void> {
  if (!isList(items) || items.length === 0) {
    const given = isList(items) ? "an empty list" : describeValue(items);
    throw new InvalidOptionError("items", `expected a list of Responses API items, not ${given}.`);
  }
  readGiven("items", () => {
    for (const [index, item] of items.entries()) checkItem(`items[${index}]`, item);
  });
  const params = { threadId, items: [...items] };
  await waitWithin("thread/inject_items", options, async (signal) => {
    await opener.subscribe(threadId, signal);
    await opener.runtime.request("thread/inject_items", params, { signal });
  });
}

function checkItem(name: string, item: unknown): void {
  checkObject(name, item);
  checkJson(name, item);
  checkOneOf(`${name}.type`, Reflect.get(item, "type"), TYPES);
  for (const member of ["content", "output"]) {
    const parts: unknown = Reflect.get(item, member);
    if (!Array.isArray(parts)) continue;
    for (const [index, part] of parts.entries()) checkPart(`${name}.${member}[${index}]`, part);
  }
}

/** The runtime replaces an image that it cannot decode by a short text, without an error. */
function checkPart(name: string, part: unknown): void {
  if (!isObject(part) || part["type"] !== "input_image") return;
  if (typeof part["image_url"] === "string") checkImageUrl(`${name}.image_url`, part["image_url"]);
}
