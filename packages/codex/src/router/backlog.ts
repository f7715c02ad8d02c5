import { isObject, type NotificationMessage } from "../rpc/message.js";

/**
 * From this many unread notifications on, a turn's consecutive text deltas of one item are folded
 * into one, so a turn that nobody reads costs memory for its text alone. Nothing else is folded.
 */
export const BACKLOG_MERGE_THRESHOLD = 1024;

/** The delta notifications whose `delta` is text that continues the one before. */
const TEXT_DELTA_METHODS: ReadonlySet<string> = new Set([
  "item/agentMessage/delta",
  "item/plan/delta",
  "item/reasoning/textDelta",
  "item/reasoning/summaryTextDelta",
  "item/commandExecution/outputDelta",
  "item/fileChange/outputDelta",
]);

/** The two as one notification, if `next` only goes on with the text of `newest`. */
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
  return { ...newest, params: { ...before, delta: text + moreText } };
}

function haveSameMembers(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
