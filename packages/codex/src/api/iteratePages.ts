import { CodexProtocolError } from "../errors.js";
import { toResponseObject } from "./checkResponse.js";

/**
 * Iterates over the entries of a paged list, page after page. A cursor that is repeated ends with an
 * error in place of an endless loop. `Start` is a further form that the first cursor may have.
 *
 * @throws CodexProtocolError for a page that cannot be read.
 */
export async function* iteratePages<Entry, Start = never>(
  method: string,
  firstCursor: Start | string | null | undefined,
  readPage: (
    cursor: Start | string | null | undefined,
  ) => Promise<{ readonly data: readonly Entry[] }>,
): AsyncGenerator<Entry, void, undefined> {
  const seen = new Set<string>();
  let nextStart = firstCursor;
  let cursor: string | null;
  do {
    const page = toResponseObject(method, await readPage(nextStart));
    const { data, nextCursor } = page;
    if (!Array.isArray(data))
      throw new CodexProtocolError(`a page of ${method} does not have data`);
    // SAFETY: the protocol types the entries, which are passed on as they are.
    yield* data as readonly Entry[];
    cursor = typeof nextCursor === "string" ? nextCursor : null;
    if (cursor !== null && seen.has(cursor)) {
      throw new CodexProtocolError(`${method} repeated the cursor ${JSON.stringify(cursor)}`);
    }
    if (cursor !== null) seen.add(cursor);
    nextStart = cursor;
  } while (cursor !== null);
}
