import type {
  ServerNotificationMap,
  ServerRequestMap,
  UnknownServerNotification,
  UnknownServerRequest,
  UnknownThreadItem,
  ServerNotification,
  ServerRequest,
  ThreadItem,
} from "./generated/index.js";

/** The items whose type the pinned protocol knows. */
export type KnownThreadItem = Exclude<ThreadItem, UnknownThreadItem>;

/** The notifications whose method the pinned protocol knows. */
export type KnownServerNotification = Exclude<ServerNotification, UnknownServerNotification>;

/** The requests of the runtime whose method the pinned protocol knows. */
export type KnownServerRequest = Exclude<ServerRequest, UnknownServerRequest>;

/** The type of a message's turn id, where its params have one: `turnId`, else `turn.id`. Else never. */
export type TurnIdIn<Params> = IdIn<Params, "turnId", "turn">;

/** The type of a message's thread id, where its params have one: `threadId`, else `thread.id`. Else never. */
export type ThreadIdIn<Params> = IdIn<Params, "threadId", "thread">;

/** Notifications that have a turn id (which may be null: `thread/goal/updated`). */
export type TurnNotificationMethod = {
  [M in keyof ServerNotificationMap]: Bears<TurnIdIn<ServerNotificationMap[M]["params"]>, M>;
}[keyof ServerNotificationMap];

/** Notifications that have a thread id. */
export type ThreadNotificationMethod = {
  [M in keyof ServerNotificationMap]: Bears<ThreadIdIn<ServerNotificationMap[M]["params"]>, M>;
}[keyof ServerNotificationMap];

/** Requests of the runtime that have a turn id. */
export type TurnRequestMethod = {
  [M in keyof ServerRequestMap]: Bears<TurnIdIn<ServerRequestMap[M]["params"]>, M>;
}[keyof ServerRequestMap];

/** Notification that has a turn id. */
export type TurnNotification = Extract<ServerNotification, { method: TurnNotificationMethod }>;

/** Notification that has a thread id. */
export type ThreadNotification = Extract<ServerNotification, { method: ThreadNotificationMethod }>;

/** A look-up by the structure of the params, so that no list of methods has to be kept. */
type IdIn<Params, Direct extends string, Nested extends string> = Params extends unknown
  ? Direct extends keyof Params
    ? Params[Direct]
    : Nested extends keyof Params
      ? Params[Nested] extends { id: infer Id }
        ? Id
        : never
      : never
  : never;

type Bears<Id, M> = [Id] extends [never] ? never : M;
