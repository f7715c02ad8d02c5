import { describe, expect, it } from "vitest";

import type { ApprovalRequest } from "../../../../src/api/approvals/approvalRequest.js";
import { ThreadHandlers } from "../../../../src/api/threadHandlers.js";
import { RuntimeClient } from "../../../../src/client/runtimeClient.js";
import type { Answer } from "../../../../src/rpc/connectionListener.js";

/** A client that never starts a runtime: what one would send is dispatched by the test. */
function startRouting() {
  const client = new RuntimeClient();
  const handlers = new ThreadHandlers(client);
  let id = 0;
  return {
    handlers,
    notify: (method: string, params: unknown) => client.router.dispatch({ method, params }),
    ask: (threadId: string, itemId = "item") =>
      new Promise<Answer>((resolve) => {
        const params = { threadId, turnId: "turn", itemId, startedAtMs: 1 };
        const method = "item/fileChange/requestApproval";
        client.serverRequests.dispatch({ id: id++, method, params }, resolve);
      }),
  };
}

const ACCEPTED = { result: { decision: "accept" } };
const DECLINED = { result: { decision: "decline" } };

describe("ThreadHandlers", () => {
  it("keeps a thread's handler when it is set again without one", async () => {
    const { handlers, ask } = startRouting();
    handlers.start("thread", { onApproval: () => "accept" });

    handlers.rebind("thread", {});

    expect([await ask("thread"), await ask("other")]).toEqual([ACCEPTED, DECLINED]);
  });

  it("gives a fork the handler of its source, unless it has its own", async () => {
    const { handlers, ask } = startRouting();
    handlers.start("source", { onApproval: () => "accept" });

    handlers.rebind("fork", {}, "source");
    handlers.rebind("other fork", { onApproval: () => "cancel" }, "source");

    expect([await ask("fork"), await ask("other fork")]).toEqual([
      ACCEPTED,
      { result: { decision: "cancel" } },
    ]);
  });

  it("drops the inherited handler of a fork or a resume that has an approval mode", async () => {
    const { handlers, ask } = startRouting();
    handlers.start("source", { onApproval: () => "accept" });

    handlers.rebind("fork", { approvalMode: "deny_all" }, "source");
    handlers.rebind("source", { approvalMode: "deny_all" });

    expect([await ask("fork"), await ask("source")]).toEqual([DECLINED, DECLINED]);
  });

  it.each(["thread/closed", "thread/deleted"])("forgets a thread after %s", async (method) => {
    const { handlers, ask, notify } = startRouting();
    handlers.start("thread", { onApproval: () => "accept" });

    notify(method, { threadId: "thread" });

    expect(await ask("thread")).toEqual(DECLINED);
  });

  it("reports the changes as last updated, and null after the end of the item", async () => {
    const { handlers, ask, notify } = startRouting();
    const seen: unknown[] = [];
    handlers.start("thread", {
      onApproval: (request: ApprovalRequest) => {
        seen.push(request.kind === "fileChange" && request.changes);
        return "accept";
      },
    });
    const change = (diff: string) => ({ path: "/a", kind: { type: "add" }, diff });
    const item = { type: "fileChange", id: "item", changes: [change("one")] };

    await ask("thread");
    notify("item/started", { threadId: "thread", turnId: "turn", item });
    // Ids are the model's, so two threads may have the same one.
    notify("item/started", { threadId: "other", turnId: "turn", item: { ...item, changes: [] } });
    await ask("thread");
    notify("item/fileChange/patchUpdated", {
      threadId: "thread",
      turnId: "turn",
      itemId: "item",
      changes: [change("two")],
    });
    await ask("thread");
    notify("turn/completed", { threadId: "thread", turn: { id: "turn" } });
    await ask("thread");

    expect(seen).toEqual([null, [change("one")], [change("two")], null]);
  });

  it("remembers a bounded number of changes", async () => {
    const { handlers, ask, notify } = startRouting();
    const seen: unknown[] = [];
    handlers.start("thread", {
      onApproval: (request: ApprovalRequest) => {
        seen.push(request.kind === "fileChange" && request.changes);
        return "accept";
      },
    });
    for (let index = 0; index <= 256; index++) {
      const item = { type: "fileChange", id: `item ${index}`, changes: [] };
      notify("item/started", { threadId: "thread", turnId: "turn", item });
    }

    await ask("thread", "item 0");
    await ask("thread", "item 1");

    expect(seen).toEqual([null, []]);
  });
});
