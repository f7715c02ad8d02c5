/** The typed low-level client of the app-server protocol, for those who need it raw. */
export { CodexClient, type NotificationsOptions } from "./client/codexClient.js";
export type { OpenMethod, RequestParams, RequestResult } from "./client/requestTypes.js";
export type { CodexDiagnostic } from "./client/diagnostics.js";
export type { InitializeMetadata } from "./client/handshake.js";
export type { ClientInfo, ClientOptions as CodexClientOptions } from "./client/options.js";
export type { ConfigOverrides, ConfigValue } from "./client/configOverrides.js";
export type { ReconnectOptions } from "./client/reconnectPolicy.js";
export type { TransportTls } from "./client/tlsOptions.js";
export type { TransportOptions } from "./client/transportOptions.js";
export type { ServerRequestContext } from "./router/serverRequestRouter.js";
export type { RequestOptions } from "./rpc/requestOptions.js";
export type {
  ClientMethod,
  ParamsOf,
  ResultOf,
  ServerNotification,
  ServerNotificationMethod,
  ServerRequest,
  ServerRequestMethod,
} from "@openai/codex-types";
