import type { JsonValue } from "@openai/codex-types";

import { InvalidOptionError } from "../errors.js";
import { checkObject, describeValue } from "../internal/validate.js";
import type { RequestOptions } from "../rpc/requestOptions.js";
import type { ThreadOpener } from "./threadOpener.js";
import { waitWithin } from "./timeLimit.js";

/**
 * Adds items to the history that the model reads (`thread/inject_items`).
 *
 * @throws InvalidOptionError when `items` is not a list of objects.
 */
export async function injectItems(
  opener: ThreadOpener,
  threadId: string,
  items: readonly JsonValue[],
  options: RequestOptions,
): Promise<void> {
  if (!Array.isArray(items)) {
    throw new InvalidOptionError(
      "items",
      `expected a list of Responses API items, not ${describeValue(items)}.`,
    );
  }
  for (const [index, item] of items.entries()) checkObject(`items[${index}]`, item);
  const params = { threadId, items: [...items] };
  await waitWithin("thread/inject_items", options, async (signal) => {
    await opener.subscribe(threadId, signal);
    await opener.runtime.request("thread/inject_items", params, { signal });
  });
}
