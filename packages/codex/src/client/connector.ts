import { type SecretMasker, secretValuesOf } from "../internal/secrets.js";
import type { Transport } from "../transport/transport.js";
import type { WebSocketEndpoint } from "../transport/webSocketEndpoint.js";
import type { ClientOptions } from "./options.js";
import { type ReconnectPolicy, toReconnectPolicy } from "./reconnectPolicy.js";
import { toWebSocketEndpoint } from "./transportOptions.js";

const DEFAULT_CLOSE_TIMEOUT_MS = 2_000;
const DEFAULT_LIVENESS_MS = 30_000;

/** Facts about the transport of a client, and the way to make one. */
export interface Connector {
  /** True if the runtime is this client's own child, so that no other client can be connected to it. */
  readonly ownsRuntime: boolean;
  /** True if the runtime has the paths of this machine. */
  readonly isLocal: boolean;
  /** Policy for a connection that was lost; `undefined` where its loss is the end. */
  readonly reconnect: ReconnectPolicy | undefined;
  /**
   * Makes the transport, and adds the secrets that the runtime may repeat to `secrets`. Loads the modules
   * of the transport only here: an import of the SDK loads no module of Node.
   *
   * @throws CodexStartError if there is no runtime to start.
   */
  makeTransport(secrets: SecretMasker): Promise<Transport>;
}

/**
 * Returns the connector for these options: the only place that distinguishes the transports. Connects
 * nothing; the options have been checked.
 */
export function toConnector(options: ClientOptions): Connector {
  const { transport = { type: "stdio" } } = options;
  switch (transport.type) {
    case "stdio":
      return {
        ownsRuntime: true,
        isLocal: true,
        reconnect: undefined,
        makeTransport: (secrets) => makeStdioTransport(options, secrets),
      };
    case "unix": {
      const { path, livenessMs, reconnect } = transport;
      const endpoint = { kind: "unix", path } as const;
      return {
        ownsRuntime: false,
        isLocal: true,
        reconnect: toReconnectPolicy(reconnect),
        makeTransport: (secrets) => makeWebSocketTransport(options, endpoint, livenessMs, secrets),
      };
    }
    case "websocket": {
      // Copied here, so that the caller cannot change the address any more.
      const endpoint = toWebSocketEndpoint(transport);
      const { livenessMs, reconnect } = transport;
      return {
        ownsRuntime: false,
        isLocal: false,
        reconnect: toReconnectPolicy(reconnect),
        makeTransport: (secrets) => {
          secrets.keep(secretsOf(endpoint));
          return makeWebSocketTransport(options, endpoint, livenessMs, secrets);
        },
      };
    }
  }
}

async function makeStdioTransport(
  options: ClientOptions,
  secrets: SecretMasker,
): Promise<Transport> {
  const { explainSpawnFailure, StdioTransport, toLaunchCommand } =
    await import("./processStarts.js");
  const command = toLaunchCommand(options);
  secrets.keep(secretValuesOf(command.env));
  return new StdioTransport({
    command,
    explainSpawnFailure: (error) => explainSpawnFailure(command, error),
    closeTimeoutMs: options.closeTimeoutMs ?? DEFAULT_CLOSE_TIMEOUT_MS,
    secrets,
  });
}

async function makeWebSocketTransport(
  options: ClientOptions,
  endpoint: WebSocketEndpoint,
  livenessMs: number | undefined,
  secrets: SecretMasker,
): Promise<Transport> {
  const { WebSocketTransport } = await import("../transport/webSocketTransport.js");
  return new WebSocketTransport({
    endpoint,
    livenessMs: livenessMs ?? DEFAULT_LIVENESS_MS,
    closeTimeoutMs: options.closeTimeoutMs ?? DEFAULT_CLOSE_TIMEOUT_MS,
    secrets,
  });
}

function secretsOf({ token, tls }: Extract<WebSocketEndpoint, { kind: "url" }>): string[] {
  const keys = [tls?.key ?? []].flat().map((part) => Buffer.from(part).toString("latin1"));
  return [token, tls?.passphrase, ...keys].filter((secret) => secret !== undefined);
}
