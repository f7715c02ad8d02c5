import type { JsonValue } from "@openai/codex-types";

import type { RuntimeClient } from "../client/runtimeClient.js";
import { InvalidOptionError } from "../errors.js";
import { checkObject, describeValue } from "../internal/validate.js";

/**
 * Adds items to the history that the model reads (`thread/inject_items`).
 *
 * @throws InvalidOptionError when `items` is not a list of objects.
 */
export async function injectItems(
  runtime: RuntimeClient,
  threadId: string,
  items: readonly JsonValue[],
): Promise<void> {
  if (!Array.isArray(items)) {
    throw new InvalidOptionError(
      "items",
      `expected a list of Responses API items, not ${describeValue(items)}.`,
    );
  }
  for (const [index, item] of items.entries()) checkObject(`items[${index}]`, item);
  await runtime.request("thread/inject_items", { threadId, items: [...items] });
}
