import { isObject } from "../internal/isObject.js";
import type { NotificationMessage } from "../rpc/message.js";

/**
 * From this many unread notifications on, a turn's consecutive text deltas of one item are folded
 * into one, so a turn that nobody reads costs memory for its text only. Nothing else is folded.
 */
export const BACKLOG_MERGE_THRESHOLD = 1024;

/**
 * Largest number of notifications that may wait for a reader of `notifications()`. When there are more, the reader
 * gets those and then a `NotificationBacklogError`: a memory without bound, or a silent loss, is worse.
 */
export const NOTIFICATION_BACKLOG_LIMIT = 16_384;

/** The delta notifications whose `delta` is text that continues the one before. */
const TEXT_DELTA_METHODS: ReadonlySet<string> = new Set([
  "item/agentMessage/delta",
  "item/plan/delta",
  "item/reasoning/textDelta",
  "item/reasoning/summaryTextDelta",
  "item/commandExecution/outputDelta",
  "item/fileChange/outputDelta",
]);

/** Returns the two as one notification, if `next` only continues the text of `newest`. */
export function mergeTextDeltas(
  newest: NotificationMessage,
  next: NotificationMessage,
): NotificationMessage | undefined {
  if (newest.method !== next.method || !TEXT_DELTA_METHODS.has(next.method)) return undefined;
  const [before, after] = [newest.params, next.params];
  if (!isObject(before) || !isObject(after)) return undefined;
  const { delta: text, ...beforeKeys } = before;
  const { delta: moreText, ...afterKeys } = after;
  if (typeof text !== "string" || typeof moreText !== "string") return undefined;
  if (!haveSameMembers(beforeKeys, afterKeys)) return undefined;
  return { ...newest, params: { ...before, delta: joinText(text, moreText) } };
}

/**
 * The two texts as one. JavaScript engines keep a joined text as a tree of all its parts, which for
 * small deltas is several times the text's own size, until a character of it is read. That is done
 * whenever the text has grown by an eighth: often enough for the memory, seldom enough to stay linear.
 */
function joinText(text: string, more: string): string {
  const joined = text + more;
  if (growthStep(text.length) === growthStep(joined.length)) return joined;
  // The outcome has to be used, or an optimiser could leave the reading out. Only "" gives NaN.
  return Number.isNaN(joined.charCodeAt(joined.length - 1)) ? "" : joined;
}

function growthStep(length: number): number {
  return Math.floor(Math.log(length) / Math.log(1.125));
}

function haveSameMembers(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
