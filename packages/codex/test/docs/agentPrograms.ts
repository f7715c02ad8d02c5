import { copyFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "vitest";

import {
  applyPatch,
  functionCall,
  type Harness,
  message,
  type ModelRequest,
  type ScriptStep,
  shellCall,
  streamedMessage,
} from "../../src/testing/index.js";
import type { DocPrograms } from "./docProgram.js";

const MCP_SERVER = fileURLToPath(new URL("../support/elicitingMcpServer.mjs", import.meta.url));

const copyMcpServer = ({ workspace }: Harness): Promise<void> =>
  copyFile(MCP_SERVER, join(workspace, "notesServer.mjs"));

/** Answers with the output of the tool; the call of the tool is left to the queue. */
const toolOutput = (request: ModelRequest): ScriptStep[] | undefined => {
  const text = request.functionCallOutputs().at(-1)?.text;
  return text === undefined ? undefined : [message(text)];
};

/**
 * Defines `npm` for the login shells that run commands: the real one may take longer on a busy machine
 * than the runtime waits for a command, which then has no item.
 */
const defineNpm = (home: string): Promise<unknown> =>
  Promise.all(
    [".profile", ".zprofile"].map((name) =>
      writeFile(join(home, name), 'npm() { [ "$*" = test ]; }\n'),
    ),
  );

const QUESTION = {
  id: "when",
  header: "When",
  question: "When do you want to release?",
  options: [
    { label: "Today", description: "Right now." },
    { label: "Later", description: "Next week." },
  ],
};

/** Asks the server of a guide for a turn, and for one that fails, and ends it. */
const ASK_SERVER = `
for (const prompt of ["Hello?", "Fail."]) {
  const answer = await fetch(\`http://127.0.0.1:\${server.address().port}/agent\`, {
    method: "POST",
    body: JSON.stringify({ prompt }),
  });
  console.log((await answer.text()).trim().replaceAll("\\n\\n", "\\n"));
}
server.close();
server.closeAllConnections();
await codex.close();
`;

const SERVER_ANSWER = [
  expect.stringMatching(/^Listening on .*port: \d+/),
  "event: text",
  'data: "Hel"',
  "event: text",
  'data: "lo."',
  "event: done",
  'data: {"status":"completed"}',
  "event: failed",
  "data: {}",
];

const REPORTS_FAILURE = expect.stringContaining("TurnFailedError: ");

/** Programs of the guides about streams, and about what the agent may do. */
export const agentPrograms: DocPrograms = {
  "streaming-terminal": {
    prepare: ({ model }) => model.enqueue(shellCall("ls")).streamText(["No ", "files."]),
    prints: [
      expect.stringMatching(/^\$ .*ls.* \(exit code 0\)$/),
      "No files.",
      "completed, 4 tokens",
    ],
  },
  "streaming-next": {
    prepare: ({ model }) => model.streamText(["Hel", "lo."]),
    append: `
const response = await POST(
  new Request("http://localhost/", { method: "POST", body: JSON.stringify({ prompt: "Hello?" }) }),
);
console.log((await response.text()).trim().replaceAll("\\n\\n", "\\n"));
await codex.close();
`,
    prints: [
      "event: text",
      'data: "Hel"',
      "event: text",
      'data: "lo."',
      "event: done",
      'data: {"status":"completed","finalResponse":"Hello."}',
    ],
  },
  "streaming-hono": {
    prepare: ({ model }) => model.streamText(["Hel", "lo."]).fail("server_error", "No."),
    append: `
await new Promise((resolve) => server.once("listening", resolve));
${ASK_SERVER}
`,
    env: { PORT: "0" },
    prints: SERVER_ANSWER,
    stderr: REPORTS_FAILURE,
  },
  "streaming-node": {
    prepare: ({ model }) => model.streamText(["Hel", "lo."]).fail("server_error", "No."),
    append: `
await once(server, "listening");
${ASK_SERVER}
`,
    env: { PORT: "0" },
    prints: SERVER_ANSWER,
    stderr: REPORTS_FAILURE,
  },
  "streaming-controls": {
    prepare: ({ model }) => model.enqueue(streamedMessage(["Once", model.gate()])),
    prints: ["interrupted"],
  },
  "approvals-ask": {
    typed: [{ prompt: "Apply these changes? (y/n)", text: "y\n" }],
    prepare: ({ model }) => model.enqueue(applyPatch({ "NOTES.md": "Today.\n" })).reply("Noted."),
    prints: [
      expect.stringMatching(/NOTES\.md$/),
      "Today.",
      "",
      "Apply these changes? (y/n) completed",
      "Noted.",
    ],
  },
  "approvals-rule": {
    prepare: async ({ model, codexHome }) => {
      await defineNpm(dirname(codexHome));
      model
        .enqueue(
          shellCall("npm test; touch PWNED", {
            sandbox_permissions: "require_escalated",
            justification: "Run the tests.",
          }),
        )
        .enqueue(
          shellCall("npm test", {
            sandbox_permissions: "require_escalated",
            justification: "Run the tests.",
          }),
        )
        .reply("Done.");
    },
    prints: ["declined", "completed"],
  },
  "sandboxes-write": {
    prepare: ({ model }) => model.enqueue(shellCall("printf done > result.txt")).reply("Done."),
    prints: ["done"],
  },
  "sandboxes-options": {
    prepare: ({ model }) =>
      model.enqueue(shellCall('printf filled > "$BUILD_CACHE/entry"')).reply("Done."),
    prints: ["filled workspaceWrite"],
  },
  "sandboxes-command": { prints: ["0 true"] },
  "sandboxes-config": {
    prepare: ({ model }) =>
      model.enqueue(shellCall('printf filled > "$BUILD_CACHE/entry"')).reply("Done."),
    prints: ["filled"],
  },
  "sandboxes-environment": {
    prepare: ({ model }) =>
      model.enqueue(shellCall('echo "value: $DATABASE_URL"')).reply("It is empty."),
    prints: ["value:"],
  },
  "tools-zod": {
    prepare: ({ model }) => {
      model.enqueue(functionCall("look_up", { article: "bolt" }));
      model.respond(toolOutput);
    },
    prints: ['{"article":"bolt","count":12}'],
  },
  "tools-json-schema": {
    prepare: ({ model }) => {
      model.enqueue(functionCall("roll", { sides: 6 }));
      model.respond(toolOutput);
    },
    prints: ['You rolled with {"sides":6}.'],
  },
  "output-zod": {
    prepare: ({ model }) =>
      model.reply('{"summary":"One.","files":[{"path":"a.ts","risk":"high"}]}'),
    prints: ["a.ts high"],
  },
  "output-valibot": {
    prepare: ({ model }) => model.reply('{"summary":"Fine.","remark":null}'),
    prints: ["Fine. undefined"],
  },
  "output-arktype": {
    prepare: ({ model }) => model.reply('{"summary":"Fine.","remark":null}'),
    prints: ["Fine. undefined"],
  },
  "output-json-schema": {
    prepare: ({ model }) => model.reply('{"summary":"Fine."}'),
    prints: ["{ summary: 'Fine.' }"],
  },
  "output-error": {
    prepare: ({ model }) => model.reply('{"year":"1989"}'),
    prints: ['OUTPUT_VALIDATION {"year":"1989"} 1'],
  },
  "mcp-server": {
    prepare: async (harness) => {
      await copyMcpServer(harness);
      harness.model
        .callFunction("note", { text: "milk" }, { namespace: "mcp__notes" })
        .reply("Noted.");
    },
    prints: ["notes note completed"],
  },
  "mcp-status": { prepare: copyMcpServer, prints: [expect.stringMatching(/^notes note, survey/)] },
  skills: {
    prepare: ({ model }) =>
      model.respond((request) => [
        message(JSON.stringify(request.json()).includes("Greet in verse.") ? "O Ada!" : "?"),
      ]),
    prints: ["O Ada!"],
  },
  plan: {
    prepare: ({ model }) => {
      model.callFunction("request_user_input", { questions: [QUESTION] });
      model.reply("<proposed_plan>\nTag, then publish.\n</proposed_plan>");
    },
    prints: ["Tag, then publish."],
  },
  rules: {
    typed: [{ prompt: "(y/n) ", text: "y\n" }],
    prepare: ({ model }) =>
      model
        .enqueue(
          shellCall("echo ready", {
            sandbox_permissions: "require_escalated",
            justification: "Print it.",
          }),
        )
        .reply("Done."),
    prints: [
      'Always allow commands that start with "echo ready"? (y/n) prefix_rule(pattern=["echo", "ready"], decision="allow")',
    ],
  },
};
