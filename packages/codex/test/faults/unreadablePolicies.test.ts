import { expect, it } from "vitest";

import { CodexError } from "../../src/index.js";
import { rejectionOf } from "../support/rejection.js";
import { answer, scriptedClient, settle } from "../support/scriptedClient.js";
import { notification, THREAD } from "../support/wire.js";

// The rule: a wire value of any type ends a call with a value or a `CodexError`.

const VALUES = [7, "x", {}, true, [null]];

it.each(VALUES)("a sandbox policy with the roots %o is not built on", async (writableRoots) => {
  await using client = await scriptedClient({
    "config/read": [[answer({ config: {} })]],
  });
  const thread = await client.codex.startThread();
  const sandboxPolicy = { type: "workspaceWrite", writableRoots, networkAccess: true };
  const params = { threadId: THREAD, threadSettings: { sandboxPolicy } };
  client.runtime.send(notification("thread/settings/updated", params));
  await settle();

  const ends = await Promise.allSettled([
    client.codex.resumeThread(THREAD, { sandbox: "workspace-write" }),
    thread.updateSettings({ networkAccess: false }),
    thread.fork(),
  ]);
  const reasons = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
  expect(reasons.filter((reason) => !(reason instanceof CodexError))).toEqual([]);
  expect(thread.settings?.sandboxPolicy).toBeUndefined();
});

it.each([
  ...[null, 7, "x", true, [null]].map((config) => ({ config })),
  ...VALUES.map((roots) => ({ config: { sandbox_workspace_write: { writable_roots: roots } } })),
  ...VALUES.filter((value) => typeof value !== "object").map((table) => ({
    config: { sandbox_workspace_write: table },
  })),
])("a configuration that cannot be read ends a change with a CodexError: %j", async (result) => {
  await using client = await scriptedClient({ "config/read": [[answer(result)]] });
  const thread = client.codex.thread(THREAD);

  const error = await rejectionOf(thread.updateSettings({ sandbox: "workspace-write" }));

  expect(error).toBeInstanceOf(CodexError);
  expect(error).toMatchObject({ code: "PROTOCOL" });
});
