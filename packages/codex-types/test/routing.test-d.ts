import { expectTypeOf } from "vitest";

import type {
  ServerNotificationMap,
  ServerRequestMap,
  ThreadIdIn,
  ThreadNotificationMethod,
  ThreadStartedNotification,
  TurnIdIn,
  TurnNotification,
  TurnNotificationMethod,
  TurnRequestMethod,
  TurnStartedNotification,
} from "../src/index.js";

// An id is looked up by structure: direct, nested, nullable, absent.
expectTypeOf<TurnIdIn<{ turnId: string }>>().toEqualTypeOf<string>();
expectTypeOf<TurnIdIn<{ turnId?: string | null }>>().toEqualTypeOf<string | null | undefined>();
expectTypeOf<TurnIdIn<TurnStartedNotification>>().toEqualTypeOf<string>();
expectTypeOf<ThreadIdIn<ThreadStartedNotification>>().toEqualTypeOf<string>();
expectTypeOf<TurnIdIn<{ threadId: string }>>().toBeNever();
expectTypeOf<TurnIdIn<{ turnId: string } | { text: string }>>().toEqualTypeOf<string>();

/** The names of members that could be an id of the wanted kind, whatever they are called. */
type TurnKey = "turn" | "turn_id" | `${string}turnId` | `${string}TurnId`;
type ThreadKey = "thread" | "thread_id" | `${string}threadId` | `${string}ThreadId`;

/** True if a value has such a member, itself or up to three levels down. Lists belong to no one turn. */
type Mentions<Value, Key extends string, Depth extends readonly 1[] = [1, 1, 1]> = Value extends
  | readonly unknown[]
  | string
  | number
  | boolean
  | null
  | undefined
  ? never
  : Value extends object
    ? Extract<keyof Value, Key> extends never
      ? Depth extends readonly [1, ...infer Less extends readonly 1[]]
        ? { [K in keyof Value]-?: Mentions<Value[K], Key, Less> }[keyof Value]
        : never
      : true
    : never;

type Mentioning<Map extends Record<keyof Map, { params: unknown }>, Key extends string> = {
  [M in keyof Map]: [Mentions<Map[M]["params"], Key>] extends [never] ? never : M;
}[keyof Map];

// Every notification that mentions a turn bears its id where the look-up finds it, but for these: each
// speaks of a turn without being an event of it.
expectTypeOf<
  Exclude<Mentioning<ServerNotificationMap, TurnKey>, TurnNotificationMethod>
>().toEqualTypeOf<
  | "thread/prediction/updated" // sourceTurnId: the turn that the prediction was made from
  | "thread/readState/changed" // readState.firstUnread.turnId: a place in the history
  | "thread/realtime/item/completed" // item.turnId: a voice session's item may cite a turn
  | "thread/realtime/item/started"
>();
expectTypeOf<
  Exclude<Mentioning<ServerNotificationMap, ThreadKey>, ThreadNotificationMethod>
>().toBeNever();
expectTypeOf<Exclude<Mentioning<ServerRequestMap, TurnKey>, TurnRequestMethod>>().toBeNever();

// The look-up finds what it must, so the tests above cannot pass for want of any match.
expectTypeOf<"turn/started" | "turn/completed">().toExtend<TurnNotificationMethod>();
expectTypeOf<"item/completed" | "error" | "hook/started">().toExtend<TurnNotificationMethod>();
expectTypeOf<"thread/started" | "turn/started">().toExtend<ThreadNotificationMethod>();
expectTypeOf<"item/commandExecution/requestApproval">().toExtend<TurnRequestMethod>();
expectTypeOf<"account/updated">().not.toExtend<TurnNotificationMethod>();
expectTypeOf<TurnNotification["method"]>().toEqualTypeOf<TurnNotificationMethod>();
