import type { Server } from "node:http";
import { join } from "node:path";

import { runServer } from "verdaccio";

import { temporaryFolder } from "./temporaryFolder.js";

/** An npm registry on this machine. */
export interface LoopbackRegistry extends AsyncDisposable {
  readonly url: string;
  /** Reads the registry's document of a package. */
  readonly packument: (name: string) => Promise<unknown>;
}

/**
 * Starts an empty registry on the loopback. It has no registry behind it: a name that was not published
 * to it does not exist.
 */
export async function loopbackRegistry(): Promise<LoopbackRegistry> {
  const folder = await temporaryFolder();
  const config = {
    self_path: folder.path,
    storage: join(folder.path, "storage"),
    uplinks: {},
    packages: { "**": { access: "$all", publish: "$anonymous", unpublish: "$anonymous" } },
    publish: { allow_offline: true },
    max_body_size: "500mb",
    web: { enable: false },
    log: { type: "stdout", format: "pretty", level: "fatal" },
  };
  const server: Server = await runServer(config);
  // npm asks for the package, then encodes its tarball for some seconds, and sends it on the same connection.
  server.keepAliveTimeout = 10 * 60_000;
  const port = await listen(server);
  const url = `http://127.0.0.1:${port}/`;
  return {
    url,
    packument: async (name) => (await fetch(`${url}${name.replace("/", "%2f")}`)).json(),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Listens on a free port of the loopback; resolves to the port. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server has no port");
  return address.port;
}
