import { vi } from "vitest";

import { RuntimeClient } from "../../src/client/runtimeClient.js";
import type { Codex } from "../../src/index.js";

/** Sends one request; returns a view of the sizes of a client's maps and buffers. */
export async function inspectorOf(codex: Codex): Promise<() => Readonly<Record<string, number>>> {
  const dispatch = vi.spyOn(RuntimeClient.prototype, "dispatch");
  await codex.client.request("thread/loaded/list", {});
  const [client] = dispatch.mock.contexts;
  dispatch.mockRestore();
  if (!(client instanceof RuntimeClient)) throw new Error("the client has sent nothing");
  return () => client.inspect();
}
