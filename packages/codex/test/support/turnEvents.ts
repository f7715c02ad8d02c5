import type { ServerNotification } from "@openai/codex-types";

/** Reads a stream to its end. */
export async function readAll(
  stream: AsyncIterable<ServerNotification>,
): Promise<ServerNotification[]> {
  const events: ServerNotification[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

/**
 * Reads a stream up to the first event of `method`, that event included. Then leaves the stream, unless
 * `keepOpen` is set.
 */
export async function readUntil(
  stream: AsyncIterableIterator<ServerNotification>,
  method: ServerNotification["method"],
  { keepOpen = false }: { readonly keepOpen?: boolean } = {},
): Promise<ServerNotification[]> {
  const events: ServerNotification[] = [];
  for (;;) {
    // One event after the other, as a loop reads them.
    // oxlint-disable-next-line no-await-in-loop
    const { value, done } = await stream.next();
    if (done === true) throw new Error(`The stream ended without ${method}.`);
    events.push(value);
    if (value.method === method) break;
  }
  if (!keepOpen) await stream.return?.();
  return events;
}

/** The texts of the message deltas, in order. */
export function deltasOf(events: readonly ServerNotification[]): string[] {
  return events.flatMap((event) =>
    event.method === "item/agentMessage/delta" ? [event.params.delta] : [],
  );
}

/** The ids of the turns of the events, each once. */
export function turnIdsOf(events: readonly ServerNotification[]): string[] {
  const ids = events.map(({ params }) => {
    // An unknown notification may have any params, or none.
    const { turnId, turn }: { turnId?: string; turn?: { id: string } } = Object(params);
    return turnId ?? turn?.id;
  });
  return [...new Set(ids.filter((id) => id !== undefined))];
}
