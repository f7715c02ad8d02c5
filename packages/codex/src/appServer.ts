/** The typed low-level client of the app-server protocol, for those who need it raw. */
export {
  AppServerClient,
  type OpenMethod,
  type RequestParams,
  type RequestResult,
} from "./client/appServerClient.js";
export type { InitializeMetadata } from "./client/handshake.js";
export type {
  ClientInfo,
  ClientOptions as AppServerClientOptions,
  CodexDiagnostic,
  ConfigOverrides,
  ConfigValue,
  TransportOptions,
} from "./client/options.js";
export type { ServerRequestContext } from "./router/serverRequestRouter.js";
export type { RequestOptions } from "./rpc/connection.js";
export type {
  ClientMethod,
  ParamsOf,
  ResultOf,
  ServerNotification,
  ServerNotificationMethod,
  ServerRequest,
  ServerRequestMethod,
} from "@openai/codex-types";
