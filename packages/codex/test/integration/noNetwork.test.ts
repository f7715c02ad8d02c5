import { createServer } from "node:net";

import { describe, expect, it } from "vitest";

import type { CodexDiagnostic } from "../../src/index.js";
import { httpStatus, startHarness } from "../support/testingKit.js";

/** An address of this machine at which nothing listens. */
async function closedAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("no address");
  return `http://127.0.0.1:${address.port}/v1`;
}

/** A harness whose runtime retries as it does without the harness, at `base_url`. */
async function startRetrying(baseUrl: string | undefined) {
  const diagnostics: CodexDiagnostic[] = [];
  let onFirst = () => {};
  const first = new Promise<void>((resolve) => {
    onFirst = resolve;
  });
  const harness = await startHarness({
    config: {
      model_providers: {
        mock: {
          ...(baseUrl === undefined ? {} : { base_url: baseUrl }),
          // The runtime reports the retries of a stream, and not those of a request within one.
          request_max_retries: 0,
          stream_max_retries: 8,
        },
      },
    },
    codex: {
      onDiagnostic: (diagnostic) => {
        diagnostics.push(diagnostic);
        if (diagnostic.kind === "turnError") onFirst();
      },
    },
  });
  return { harness, diagnostics, first };
}

describe("a runtime without network", () => {
  it("reports the cause and the remedy with its first error, and a limit ends the run with the cause", async () => {
    const { harness, diagnostics, first } = await startRetrying(await closedAddress());
    await using _harness = harness;
    const thread = await harness.codex.startThread();
    const controller = new AbortController();

    const running = thread.run("Hello", { signal: controller.signal });
    running.catch(() => {});
    await first;
    const reported = diagnostics.find(({ kind }) => kind === "turnError");
    controller.abort(new Error("too long"));
    await expect(running).rejects.toThrow("too long");

    expect(reported).toMatchObject({ willRetry: true, threadId: thread.id });
    expect(Reflect.get(Object(reported), "text")).toMatch(/check the network/u);
    expect(diagnostics.find(({ kind }) => kind === "turnAbandoned")).toMatchObject({
      threadId: thread.id,
      lastError: expect.stringMatching(/\S/u),
    });
  });

  it("ends a run with an idle limit with the last error of the runtime, although it retries", async () => {
    const { harness } = await startRetrying(await closedAddress());
    await using _harness = harness;
    const thread = await harness.codex.startThread();

    const running = thread.run("Hello", { idleTimeoutMs: 1500 });

    await expect(running).rejects.toMatchObject({
      code: "TURN_TIMEOUT",
      lastError: { message: expect.stringMatching(/\S/u) },
    });
  });
});

describe("a runtime without login", () => {
  it("reports the remedy with its first error", async () => {
    const { harness, diagnostics, first } = await startRetrying(undefined);
    await using _harness = harness;
    const controller = new AbortController();
    const body = { error: { message: "Missing bearer or basic authentication in header" } };
    harness.model.respond(() => [httpStatus(401, { body })]);
    const thread = await harness.codex.startThread();

    const running = thread.run("Hello", { signal: controller.signal });
    running.catch(() => {});
    await first;
    // The retries of the runtime take a minute.
    controller.abort(new Error("too long"));
    await expect(running).rejects.toThrow("too long");

    const reported = diagnostics.find(({ kind }) => kind === "turnError");
    expect(Reflect.get(Object(reported), "text")).toMatch(/log in with .*codex\.loginApiKey/u);
  });
});
