import { expect, test } from "vitest";

import { diffTrees } from "../src/diffProtocol.js";
import { renderProtocol } from "../src/generateTypes.js";
import { smallProtocol } from "./support/protocol.js";

const SAME = { added: [], removed: [], changed: [] };

function render(changes: Readonly<Record<string, string | null>> = {}) {
  return renderProtocol(smallProtocol(changes), { responsesByHand: {} }).tree;
}

test("finds no difference between a protocol and itself", () => {
  expect(diffTrees(render(), render())).toEqual({
    clientRequests: SAME,
    serverRequests: SAME,
    serverNotifications: SAME,
    clientNotifications: SAME,
    types: SAME,
    fields: SAME,
  });
});

test("names the methods, types and fields that came, went or changed", () => {
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
  expect(diffTrees(render(), after)).toEqual({
    clientRequests: { added: ["turn/stop"], removed: ["turn/start"], changed: [] },
    serverRequests: SAME,
    serverNotifications: SAME,
    clientNotifications: SAME,
    types: {
      added: ["v2/TurnStopParams", "v2/TurnStopResponse"],
      removed: ["v2/TurnStartParams", "v2/TurnStartResponse"],
      changed: [
        {
          name: "v2/TurnStatus",
          before: '"completed" | "failed" | string & {}',
          after: '"completed" | "failed" | "paused" | string & {}',
        },
      ],
    },
    fields: {
      added: ["v2/AskParams.questions"],
      removed: ["v2/AskParams.question"],
      changed: [{ name: "v2/TurnNotification.turnId", before: ": string", after: "?: string" }],
    },
  });
});

test("reports a method that became stable", () => {
  const protocol = smallProtocol();
  const stableTypes = new Map(protocol.stableTypes).set(
    "ServerRequest.ts",
    'export type ServerRequest = { "method": "other", id: string };\n',
  );
  const before = renderProtocol({ ...protocol, stableTypes }, { responsesByHand: {} }).tree;
  expect(diffTrees(before, render()).serverRequests).toEqual({
    added: [],
    removed: [],
    changed: [
      {
        name: "ask",
        before: "experimental: AskParams → AskResponse",
        after: "stable: AskParams → AskResponse",
      },
    ],
  });
});
