// A small MCP server over stdio, in plain Node: `note` acts (so the runtime asks before it runs),
// `survey` only reads, and asks the user a question of its own (`elicitation/create`), `variable` reads
// the environment of the server.
import { createInterface } from "node:readline";

const TOOLS = [
  {
    name: "note",
    description: "Writes a note.",
    inputSchema: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
  },
  {
    name: "survey",
    description: "Asks the user for a colour.",
    inputSchema: { type: "object", properties: {} },
    annotations: { readOnlyHint: true },
  },
  {
    name: "variable",
    description: "Reads an environment variable.",
    inputSchema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
    annotations: { readOnlyHint: true },
  },
];

const COLOUR_FORM = {
  type: "object",
  properties: { colour: { type: "string", title: "Colour" } },
  required: ["colour"],
};

/** Waiters for a response of the client, by the id of the request. */
const waiting = new Map();

function send(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
}

function elicit() {
  const id = `elicit-${waiting.size + 1}`;
  send({
    id,
    method: "elicitation/create",
    params: { message: "Which colour?", requestedSchema: COLOUR_FORM },
  });
  return new Promise((resolve) => {
    waiting.set(id, resolve);
  });
}

async function textOf(name, args) {
  if (name === "survey") return JSON.stringify((await elicit()) ?? null);
  return name === "variable" ? `value: ${process.env[args?.name]}` : `noted: ${args?.text}`;
}

async function callTool({ name, arguments: args }) {
  return { content: [{ type: "text", text: await textOf(name, args) }] };
}

async function answer({ method, params }) {
  switch (method) {
    case "initialize":
      return {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: "eliciting", version: "1" },
      };
    case "tools/list":
      return { tools: TOOLS };
    case "tools/call":
      return callTool(params);
    default:
      return {};
  }
}

createInterface({ input: process.stdin }).on("line", async (line) => {
  const message = JSON.parse(line);
  if (message.method === undefined) waiting.get(message.id)?.(message.result);
  else if (message.id !== undefined) send({ id: message.id, result: await answer(message) });
});
