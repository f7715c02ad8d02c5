// Starts the web app on the loopback: `node examples/web/dist/server.js`, in the folder to work on.
import { serve } from "@hono/node-server";

import { createApp } from "./app.js";

const { app, codex } = createApp({ cwd: process.cwd() });
const port = Number(process.env["PORT"] ?? 4141);
const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port }, () => {
  process.stdout.write(`Open http://127.0.0.1:${port}/\n`);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    server.close();
    void codex.close().finally(() => process.exit(0));
  });
}
