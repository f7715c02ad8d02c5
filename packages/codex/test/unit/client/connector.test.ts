import { expect, it } from "vitest";

import { toConnector } from "../../../src/client/connector.js";
import type { TransportOptions } from "../../../src/client/transportOptions.js";

it.each<[string, TransportOptions | undefined, boolean, boolean]>([
  ["the default transport", undefined, true, true],
  ["stdio", { type: "stdio" }, true, true],
  ["a Unix socket", { type: "unix", path: "/a" }, false, true],
  ["a WebSocket", { type: "websocket", url: "ws://localhost" }, false, false],
])(
  "%s is known to own the runtime, and to share its files, or not",
  (_what, transport, ...facts) => {
    const { ownsRuntime, isLocal } = toConnector({ transport });
    expect([ownsRuntime, isLocal]).toEqual(facts);
  },
);
