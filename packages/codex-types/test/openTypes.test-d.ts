import { expectTypeOf } from "vitest";

import type {
  AskForApproval,
  CodexErrorInfo,
  KnownServerNotification,
  KnownServerRequest,
  KnownThreadItem,
  MessagePhase,
  ReasoningEffort,
  SandboxMode,
  ServerNotification,
  ServerRequest,
  ThreadItem,
  ThreadSource,
  TurnCompletedNotification,
  TurnStatus,
  UnknownServerNotification,
  UnknownServerRequest,
  UnknownThreadItem,
} from "../src/index.js";

declare const item: ThreadItem;
declare const notification: ServerNotification;
declare const request: ServerRequest;

// A tag narrows to the known variant alone, with `===` and in a switch, though the unions are open.
if (item.type === "agentMessage") {
  expectTypeOf(item).toEqualTypeOf<Extract<KnownThreadItem, { type: "agentMessage" }>>();
  expectTypeOf(item.text).toBeString();
}
switch (item.type) {
  case "commandExecution":
    expectTypeOf(item.command).toBeString();
    break;
  case "webSearch":
    expectTypeOf(item.query).toBeString();
    break;
  default:
    expectTypeOf<UnknownThreadItem>().toExtend<typeof item>();
}
if (notification.method === "turn/completed") {
  expectTypeOf(notification.params).toEqualTypeOf<TurnCompletedNotification>();
}
if (request.method === "item/tool/call") {
  expectTypeOf(request.params.callId).toBeString();
}

// Whoever handles all known variants is left with the unknown one: `never` checks do not compile.
expectTypeOf<Exclude<ThreadItem, KnownThreadItem>>().toExtend<UnknownThreadItem>();
expectTypeOf<Exclude<ThreadItem, KnownThreadItem>>().not.toBeNever();
expectTypeOf<
  Exclude<ServerNotification, KnownServerNotification>
>().toEqualTypeOf<UnknownServerNotification>();
expectTypeOf<Exclude<ServerRequest, KnownServerRequest>>().toEqualTypeOf<UnknownServerRequest>();

// An unknown variant passes through: its tag is a string, its fields can be read.
declare const unknownItem: UnknownThreadItem;
expectTypeOf(unknownItem.type).toExtend<string>();
expectTypeOf(unknownItem["anything"]).toBeUnknown();
expectTypeOf<ThreadItem["id"]>().toBeString();

// Values that a client reads accept new ones and keep the known ones for completion.
expectTypeOf<"paused">().toExtend<TurnStatus>();
expectTypeOf<"soliloquy">().toExtend<MessagePhase>();
expectTypeOf<"quotaGone">().toExtend<CodexErrorInfo>();
expectTypeOf<"galactic">().toExtend<ReasoningEffort>();
expectTypeOf<"my-app">().toExtend<ThreadSource>();
expectTypeOf<TurnStatus>().not.toEqualTypeOf<string>();
expectTypeOf<Extract<CodexErrorInfo, "other">>().toEqualTypeOf<"other">();

// Values that a client writes stay closed: what the pinned runtime refuses does not compile.
expectTypeOf<"on-failure">().not.toExtend<AskForApproval>();
expectTypeOf<"no-sandbox">().not.toExtend<SandboxMode>();
