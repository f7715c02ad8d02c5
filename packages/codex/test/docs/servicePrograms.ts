import { expect } from "vitest";

import { failure, message, shellCall, usage } from "../../src/testing/index.js";
import type { DocPrograms } from "./docProgram.js";

const DIAGNOSIS = ["{", expect.stringMatching(/^ {2}platform: /), "…"];

/** Programs of the guides about errors, deployment and operation. */
export const servicePrograms: DocPrograms = {
  "errors-codes": {
    prepare: ({ model }) => model.fail("context_length_exceeded", "Too long."),
    prints: ["Compact the thread, or start a new one."],
  },
  "errors-retry": {
    prepare: ({ model }) =>
      model.enqueue(failure("server_is_overloaded", "Busy.")).reply("Two files changed."),
    prints: ["Two files changed."],
  },
  "errors-overload": { prints: ["36"] },
  "errors-network": { prints: ["retries: true", "TURN_TIMEOUT"] },
  "many-users": { prints: ["true"] },
  "many-users-bot": {
    prepare: ({ model }) => model.reply("Hi.").reply("Hi again."),
    prints: ["Hi. Hi again."],
  },
  "deployment-diagnose": { prints: ["<version> found"] },
  "containers-end": {
    env: { PORT: "0" },
    append: `
server.once("listening", () => process.emit("SIGTERM"));
server.once("close", () => console.log("closed"));
`,
    prints: ["closed"],
  },
  "deployment-path": { prints: ["<version>"] },
  "carry-export": {
    prepare: ({ model }) => model.reply("Noted.").reply("7."),
    prints: ["true workspace-write", "7."],
  },
  "carry-contracts": { prints: ["true"] },
  "carry-store": {
    prepare: ({ model }) => model.reply("Noted.").reply("7."),
    prints: ["7.", "workspace-write"],
  },
  environments: {
    env: { MY_API_KEY: "secret" },
    prepare: ({ model }) =>
      model.enqueue(shellCall('echo "MY_API_KEY=<$MY_API_KEY>"')).reply("It is not set."),
    prints: ["MY_API_KEY=<>"],
  },
  providers: {
    env: ({ model }) => ({ MY_BASE_URL: model.url, MY_API_KEY: "secret" }),
    prepare: ({ model }) => model.reply("Hello there."),
    prints: ["Hello there."],
  },
  "providers-proxy": { prints: [""] },
  "providers-certificates": { prints: [""] },
  "windows-sandbox": { prints: [""] },
  "observability-diagnostics": {
    prepare: ({ model }) => model.reply("Hello."),
    prints: ["Hello."],
    stderr: expect.stringContaining("warning"),
  },
  "observability-usage": {
    prepare: ({ model }) =>
      model.enqueue(message("Hello."), usage({ inputTokens: 120, outputTokens: 7 })),
    prints: ["120 tokens in, 7 out", "0 commands, <ms>"],
  },
  "observability-channels": {
    prepare: ({ model }) =>
      model.enqueue(message("Hello."), usage({ inputTokens: 120, outputTokens: 7 })),
    prints: [expect.stringMatching(/^turn completed: 120 tokens to \S+, <ms>$/)],
  },
  "observability-otel": {
    prepare: ({ model }) => model.reply("Hello."),
    prints: [
      "initialize",
      "start codex",
      "thread/start",
      "turn/start",
      "invoke_agent codex",
      "POST /ask",
    ],
  },
  "observability-traces": { prints: [""] },
  "observability-wire": {
    prepare: ({ model }) => model.reply("Hello."),
    prints: ["true true"],
  },
  troubleshooting: { prints: [...DIAGNOSIS], stderr: expect.any(String) },
  "faq-diagnose": { prints: DIAGNOSIS },
  "cli-bin-diagnose": { prints: DIAGNOSIS },
  commonjs: { prepare: ({ model }) => model.reply("Hello."), prints: ["Hello."] },
};
