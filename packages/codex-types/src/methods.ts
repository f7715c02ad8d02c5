import type {
  ClientNotificationMap,
  ClientRequestMap,
  ServerNotificationMap,
  ServerRequestMap,
} from "./generated/index.js";

/** A request that a client can send: `"thread/start"` and so on. */
export type ClientMethod = keyof ClientRequestMap;

/** A notification that a client can send. */
export type ClientNotificationMethod = keyof ClientNotificationMap;

/** A request that the pinned runtime can send to its client. */
export type ServerRequestMethod = keyof ServerRequestMap;

/** A notification that the pinned runtime can send. */
export type ServerNotificationMethod = keyof ServerNotificationMap;

/** A request in either direction. */
export type RequestMethod = ClientMethod | ServerRequestMethod;

/** Any method of the pinned protocol. */
export type ProtocolMethod = RequestMethod | ClientNotificationMethod | ServerNotificationMethod;

type MethodMap = ClientRequestMap &
  ServerRequestMap &
  ServerNotificationMap &
  ClientNotificationMap;

/** The params of a method, in either direction; `undefined` where it has none. */
export type ParamsOf<M extends ProtocolMethod> = MethodMap[M]["params"];

/** The result of a request, in either direction. */
export type ResultOf<M extends RequestMethod> = (ClientRequestMap & ServerRequestMap)[M]["result"];

/** True if a method is there for every client, or only with `capabilities.experimentalApi`. */
export type StabilityOf<M extends ProtocolMethod> = MethodMap[M]["stability"];

/** The client methods that every client may call. */
export type StableClientMethod = {
  [M in ClientMethod]: ClientRequestMap[M]["stability"] extends "stable" ? M : never;
}[ClientMethod];

/** The client methods that need `capabilities.experimentalApi`. */
export type ExperimentalClientMethod = Exclude<ClientMethod, StableClientMethod>;
