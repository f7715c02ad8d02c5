import type { AddressInfo } from "node:net";

import { serve } from "@hono/node-server";
import type { Harness, HarnessOptions } from "@openai/codex/testing";
import { startHarness } from "@openai/codex/testing";

import { createApp } from "../src/app.js";

/** The app on the runtime of a harness, on a port of the loopback. */
export interface AppServer extends AsyncDisposable {
  readonly harness: Harness;
  readonly url: string;
}

/** Starts the app on a free port. */
export async function startAppServer(options?: HarnessOptions): Promise<AppServer> {
  const harness = await startHarness(options);
  const { app, codex } = createApp({
    cwd: harness.workspace,
    env: { HOME: harness.workspace, CODEX_HOME: harness.codexHome, NO_PROXY: "127.0.0.1" },
  });
  const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 });
  await new Promise<void>((resolve) => void server.once("listening", resolve));
  // SAFETY: a server that listens on a port has an address with that port.
  const { port } = server.address() as AddressInfo;
  return {
    harness,
    url: `http://127.0.0.1:${port}/`,
    [Symbol.asyncDispose]: async () => {
      await codex.close();
      await harness.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}
