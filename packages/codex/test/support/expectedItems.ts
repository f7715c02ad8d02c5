import { expect } from "vitest";

// Members that a later runtime adds to an item must not break the tests: the listed ones are compared.

const times = { startedAtMs: expect.any(Number), completedAtMs: expect.any(Number) };

/** Returns a matcher of a completed message of the user: a text, or the input's items. */
export function userMessage(content: string | readonly object[]): object {
  const items =
    typeof content === "string" ? [{ type: "text", text: content, text_elements: [] }] : content;
  return expect.objectContaining({
    type: "userMessage",
    id: expect.any(String),
    clientId: null,
    content: items,
    ...times,
  });
}

/** Returns a matcher of a completed message of the model. */
export function agentMessage(text: string, phase: string | null = null): object {
  return expect.objectContaining({
    type: "agentMessage",
    id: expect.any(String),
    text,
    phase,
    delivery: null,
    memoryCitation: null,
    moderation: null,
    questions: null,
    ...times,
  });
}

/** Returns a matcher of a command that the runtime ran to its end, with exit code 0. */
export function commandExecution(facts: {
  readonly id: string;
  readonly command: string;
  readonly output: string;
}): object {
  return expect.objectContaining({
    type: "commandExecution",
    id: facts.id,
    command: expect.stringContaining(facts.command),
    // A login shell may say something of its own first.
    aggregatedOutput: expect.stringContaining(facts.output),
    exitCode: 0,
    status: "completed",
    source: "unifiedExecStartup",
    commandActions: [{ type: "unknown", command: facts.command }],
    cwd: expect.any(String),
    processId: expect.any(String),
    durationMs: expect.any(Number),
    pluginId: null,
    scriptPath: null,
    ...times,
  });
}
