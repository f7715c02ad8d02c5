import { expect, it } from "vitest";

import { Codex } from "../../src/index.js";
import { rejectionOf } from "../support/rejection.js";
import { scriptedRuntime } from "../support/scriptedPlay.js";
import { notification, THREAD, turnCompleted } from "../support/wire.js";

const POLICY = { type: "workspaceWrite", writableRoots: [], networkAccess: false };
const opened = (sandbox: object) => ({
  id: "$id",
  result: { thread: { id: THREAD, status: { type: "idle" } }, sandbox },
});

it("does not start a turn on a thread whose sandbox could not be restored, and restores it for the next", async () => {
  const resumed = [opened({ type: "dangerFullAccess" })];
  using runtime = scriptedRuntime({
    "thread/start": [[opened(POLICY)]],
    "thread/unsubscribe": [
      [
        { id: "$id", result: { status: "unsubscribed" } },
        notification("thread/closed", { threadId: THREAD }),
      ],
    ],
    "thread/resume": [resumed, resumed],
    "thread/settings/update": [
      [{ id: "$id", error: { code: -32603, message: "not now" } }],
      [
        notification("thread/settings/updated", {
          threadId: THREAD,
          threadSettings: { sandboxPolicy: POLICY },
        }),
        { id: "$id", result: {} },
      ],
    ],
    "turn/start": [[{ id: "$id", result: { turn: { id: "turn-1" } } }, turnCompleted()]],
  });
  await using codex = new Codex(runtime.options);
  const thread = await codex.startThread();
  await thread.unload();

  const error = await rejectionOf(thread.run("one"));
  const result = await thread.run("two");

  expect(error).toMatchObject({ code: "INTERNAL_ERROR" });
  expect(result.status).toBe("completed");
  expect(thread.settings?.sandbox).toBe("workspace-write");
  expect(runtime.received.map(({ method }) => method).slice(2)).toEqual([
    "thread/resume",
    "thread/settings/update",
    "thread/resume",
    "thread/settings/update",
    "turn/start",
  ]);
});
