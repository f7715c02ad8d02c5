import type { CodexTraces } from "./traces.js";

/**
 * Names of the channels of `node:diagnostics_channel` on which the SDK publishes, with the types of
 * `CodexTraces`. `notification` and `close` are plain channels; each of the others is a tracing channel.
 * Neither params nor results are published.
 *
 * @example
 * ```ts
 * tracingChannel(CODEX_CHANNELS.turn).asyncEnd.subscribe((message) => {
 *   const { status, usage } = message as TurnTrace;
 *   console.log(status, usage?.totalTokens);
 * });
 * ```
 */
export const CODEX_CHANNELS = {
  start: "codex:start",
  request: "codex:request",
  notification: "codex:notification",
  serverRequest: "codex:serverRequest",
  turn: "codex:turn",
  tool: "codex:tool",
  approval: "codex:approval",
  close: "codex:close",
} as const satisfies Readonly<Record<keyof CodexTraces, string>>;

// Not imported: a static import would load streams, too, as with "node:timers".
const { channel, tracingChannel } = process.getBuiltinModule("node:diagnostics_channel");

/** The channels of single events. */
export const eventChannels = {
  notification: channel(CODEX_CHANNELS.notification),
  close: channel(CODEX_CHANNELS.close),
};

/** The channels of operations, which have a start and an end. */
export const operationChannels = {
  start: tracingChannel<unknown, CodexTraces["start"]>(CODEX_CHANNELS.start),
  request: tracingChannel<unknown, CodexTraces["request"]>(CODEX_CHANNELS.request),
  serverRequest: tracingChannel<unknown, CodexTraces["serverRequest"]>(
    CODEX_CHANNELS.serverRequest,
  ),
  turn: tracingChannel<unknown, CodexTraces["turn"]>(CODEX_CHANNELS.turn),
  tool: tracingChannel<unknown, CodexTraces["tool"]>(CODEX_CHANNELS.tool),
  approval: tracingChannel<unknown, CodexTraces["approval"]>(CODEX_CHANNELS.approval),
};

/** Key of an operation in `CODEX_CHANNELS`. */
export type OperationName = keyof typeof operationChannels;
