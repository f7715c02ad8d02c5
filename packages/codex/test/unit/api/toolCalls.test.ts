import { describe, expect, it } from "vitest";

import { ThreadHandlers } from "../../../src/api/threadHandlers.js";
import { tool } from "../../../src/api/tools/tools.js";
import { RuntimeClient } from "../../../src/client/runtimeClient.js";
import type { Answer } from "../../../src/rpc/connectionListener.js";

const inputSchema = { type: "object", properties: { word: { type: "string" } } } as const;

/** Returns the response to a call of `look_up` with these members beside what every call has. */
function answerTo(members: { readonly namespace?: string | null }): Promise<Answer> {
  const client = new RuntimeClient();
  const handlers = new ThreadHandlers(client);
  const execute = () => "found";
  const lookUp = tool({ name: "look_up", description: "Looks up.", inputSchema, execute });
  handlers.start("thread", { tools: [lookUp] });
  const params = { threadId: "thread", turnId: "turn", callId: "call", tool: "look_up" };
  return new Promise((resolve) => {
    client.serverRequests.dispatch(
      {
        id: 1,
        method: "item/tool/call",
        params: { ...params, arguments: { word: "codex" }, ...members },
      },
      resolve,
    );
  });
}

const FOUND = {
  result: { success: true, contentItems: [{ type: "inputText", text: "found" }] },
};

describe("a call of the application's tool", () => {
  it("is answered by the tool when it names no namespace", async () => {
    expect(await answerTo({ namespace: null })).toEqual(FOUND);
  });

  it("is answered by the tool when the runtime is of the time before namespaces", async () => {
    expect(await answerTo({})).toEqual(FOUND);
  });

  it("is refused when it is for a tool of another's namespace", async () => {
    expect(await answerTo({ namespace: "mcp__other" })).toMatchObject({
      result: { success: false },
    });
  });
});
