import { expectTypeOf } from "vitest";

import type { CodexClient, ParamsOf, ResultOf, ServerNotification } from "../../src/client.js";
import type { ThreadItem, TurnError } from "../../src/types.js";

declare const client: CodexClient;

// The method's name picks the types of params and result.
expectTypeOf(client.request("thread/list", {})).resolves.toEqualTypeOf<ResultOf<"thread/list">>();
expectTypeOf(client.request("thread/read", { threadId: "t" })).resolves.toHaveProperty("thread");
expectTypeOf(client.request("account/logout")).resolves.toEqualTypeOf<ResultOf<"account/logout">>();
void client.request("thread/list", {}, { timeoutMs: 1, signal: new AbortController().signal });

// @ts-expect-error a required param is missing
void client.request("thread/read", {});
// @ts-expect-error the params are missing altogether
void client.request("thread/read");
// @ts-expect-error a param of the wrong type
void client.request("thread/read", { threadId: 5 });

// A method that the pinned protocol does not know still works, typed as unknown.
expectTypeOf(client.request("future/method", { any: 1 })).resolves.toEqualTypeOf<unknown>();

// Handlers of the runtime's requests are typed likewise.
client.onServerRequest("item/commandExecution/requestApproval", (params) => {
  expectTypeOf(params).toEqualTypeOf<ParamsOf<"item/commandExecution/requestApproval">>();
  return { decision: "decline" };
});
client.onServerRequest("future/request", (params) => {
  expectTypeOf(params).toEqualTypeOf<unknown>();
  return null;
});
// @ts-expect-error an answer that is none of the request's
client.onServerRequest("item/fileChange/requestApproval", () => ({ decision: "perhaps" }));

// Notifications narrow by their method, items by their type.
declare const event: ServerNotification;
if (event.method === "item/agentMessage/delta") {
  expectTypeOf(event.params.delta).toEqualTypeOf<string>();
}
if (event.method === "turn/completed") {
  expectTypeOf(event.params.turn.error).toEqualTypeOf<TurnError | null>();
}
declare const item: ThreadItem;
if (item.type === "commandExecution") {
  expectTypeOf(item.exitCode).toEqualTypeOf<number | null>();
}
if (item.type === "agentMessage") expectTypeOf(item.text).toEqualTypeOf<string>();
