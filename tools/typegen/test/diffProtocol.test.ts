import { expect, test } from "vitest";

import { diffTrees } from "../src/diffProtocol.js";
import { renderProtocol } from "../src/generateTypes.js";
import { smallProtocol } from "./support/protocol.js";

const SAME = { added: [], removed: [], changed: [] };
const STABLE = { stability: "stable" };

function render(changes: Readonly<Record<string, string | null>> = {}) {
  return renderProtocol(smallProtocol(changes), { responsesByHand: {} }).tree;
}

test("a protocol has no difference from itself", () => {
  expect(diffTrees(render(), render())).toEqual({
    clientRequests: SAME,
    serverRequests: SAME,
    serverNotifications: SAME,
    clientNotifications: SAME,
    types: SAME,
    fields: SAME,
    docs: [],
    unmappedResults: [],
    unusedResponses: [],
    staleResponses: [],
  });
});

test("a difference has the methods, types and fields that were added, removed or changed", () => {
  const after = render({
    "ClientRequest.ts":
      'import type { RequestId } from "./RequestId";\nimport type { TurnStopParams } from "./v2/TurnStopParams";\n\nexport type ClientRequest = { "method": "turn/stop", id: RequestId, params: TurnStopParams, };\n',
    "v2/TurnStopParams.ts": "export type TurnStopParams = { turnId: string, };\n",
    "v2/TurnStopResponse.ts": "export type TurnStopResponse = { };\n",
    "v2/TurnStartParams.ts": null,
    "v2/TurnStartResponse.ts": null,
    "v2/AskParams.ts": "export type AskParams = { questions: Array<string>, };\n",
    "v2/TurnNotification.ts":
      'import type { TurnStatus } from "./TurnStatus";\n\nexport type TurnNotification = { turnId?: string, status: TurnStatus, tokens: bigint | null, };\n',
    "v2/TurnStatus.ts": 'export type TurnStatus = "completed" | "failed" | "paused";\n',
  });
  expect(diffTrees(render(), after)).toMatchObject({
    clientRequests: {
      added: [
        {
          ...STABLE,
          method: "turn/stop",
          params: "TurnStopParams",
          result: "TurnStopResponse",
          paramsFields: [{ name: "v2/TurnStopParams.turnId", text: "string" }],
          resultFields: [],
        },
      ],
      removed: [{ method: "turn/start" }],
      changed: [],
    },
    serverRequests: SAME,
    serverNotifications: SAME,
    clientNotifications: SAME,
    types: {
      added: [
        { ...STABLE, name: "v2/TurnStopParams", writtenBy: "client" },
        { ...STABLE, name: "v2/TurnStopResponse", writtenBy: "runtime" },
      ],
      removed: [{ name: "v2/TurnStartParams" }, { name: "v2/TurnStartResponse" }],
      changed: [
        {
          before: { parts: ['"completed"', '"failed"', "string & {}"] },
          after: { parts: ['"completed"', '"failed"', '"paused"', "string & {}"], open: true },
        },
      ],
    },
    fields: {
      added: [
        { ...STABLE, name: "v2/AskParams.questions", optional: false, text: "Array<string>" },
      ],
      removed: [{ name: "v2/AskParams.question", writtenBy: "runtime" }],
      changed: [
        {
          before: { name: "v2/TurnNotification.turnId", text: "string", optional: false },
          after: { name: "v2/TurnNotification.turnId", text: "string", optional: true },
        },
      ],
    },
  });
});

test("a method that became stable is a change", () => {
  const protocol = smallProtocol();
  const stableTypes = new Map(protocol.stableTypes).set(
    "ServerRequest.ts",
    'export type ServerRequest = { "method": "other", id: string };\n',
  );
  const before = renderProtocol({ ...protocol, stableTypes }, { responsesByHand: {} }).tree;
  expect(diffTrees(before, render()).serverRequests).toMatchObject({
    added: [],
    removed: [],
    changed: [
      {
        before: { method: "ask", stability: "experimental" },
        after: { method: "ask", stability: "stable" },
      },
    ],
  });
});

test("an added field of the experimental protocol is experimental, and its tag is not part of its text", () => {
  const { stableTypes } = smallProtocol();
  const changed = smallProtocol({
    "v2/TurnStartResponse.ts":
      "export type TurnStartResponse = { turnId: string,\n/**\n * The host.\n */\nhost: string, };\n",
  });
  const after = renderProtocol({ ...changed, stableTypes }, { responsesByHand: {} }).tree;
  expect(diffTrees(render(), after).fields.added).toMatchObject([
    { name: "v2/TurnStartResponse.host", stability: "experimental", doc: "The host." },
  ]);
});

test("a changed doc comment is a difference of its own", () => {
  const after = render({
    "v2/TurnStartParams.ts":
      "export type TurnStartParams = { text: string,\n/**\n * A soft limit.\n */\nlimit: bigint | null, };\n",
  });
  expect(diffTrees(render(), after)).toMatchObject({
    fields: SAME,
    docs: [{ before: { doc: "A limit, as bigint." }, after: { doc: "A soft limit." } }],
  });
});

test("a request without a known result is listed with the response types that no method has", () => {
  const after = render({
    "v2/AskResponse.ts": null,
    "v2/AnswerResponse.ts": "export type AnswerResponse = { answer: string, };\n",
  });
  expect(diffTrees(render(), after)).toMatchObject({
    unmappedResults: ["ask"],
    unusedResponses: ["AnswerResponse"],
  });
});
