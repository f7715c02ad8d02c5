import type { ServerNotification } from "@openai/codex-types";

/** Everything that a stream gives, to its end. */
export async function readAll(
  stream: AsyncIterable<ServerNotification>,
): Promise<ServerNotification[]> {
  const events: ServerNotification[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

/**
 * What a stream gives up to the first event of `method`, that one included. Leaves the stream then,
 * unless it is to be read on.
 */
export async function readUntil(
  stream: AsyncIterableIterator<ServerNotification>,
  method: ServerNotification["method"],
  { keepOpen = false }: { readonly keepOpen?: boolean } = {},
): Promise<ServerNotification[]> {
  const events: ServerNotification[] = [];
  for (;;) {
    // One event after the other, as the loop that stands for it would.
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

/** The ids of the turns that the events name, each once. */
export function turnIdsOf(events: readonly ServerNotification[]): string[] {
  const ids = events.map(({ params }) => {
    // Of a notification that is unknown nothing is known, not even that it has params.
    const { turnId, turn }: { turnId?: string; turn?: { id: string } } = Object(params);
    return turnId ?? turn?.id;
  });
  return [...new Set(ids.filter((id) => id !== undefined))];
}
