import { existsSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import type { RunCommandOptions } from "../../src/index.js";
import { makeOutsideFolder } from "../support/outsideFolder.js";
import { startRecordedHarness } from "../support/recordedHarness.js";
import { startHarness } from "../support/testingKit.js";

describe("codex.runCommand", () => {
  it("returns the exit code and both outputs, and streams them while the command runs", async () => {
    await using harness = await startHarness();
    const chunks: unknown[] = [];

    const result = await harness.codex.runCommand(
      ["bash", "-c", "printf 'é'; printf 'oh' >&2; exit 3"],
      { onOutput: (chunk) => chunks.push(chunk) },
    );

    expect(result).toEqual({ exitCode: 3, stdout: "é", stderr: "oh", isTruncated: false });
    expect(chunks).toEqual(
      expect.arrayContaining([
        { stream: "stdout", text: "é" },
        { stream: "stderr", text: "oh" },
      ]),
    );
  });

  it("does not bring its output to notifications(), which brings that of others", async () => {
    await using harness = await startHarness();
    const notifications = harness.codex.notifications();

    await harness.codex.runCommand(["echo", "own"]);
    await harness.codex.client.request("command/exec", {
      command: ["echo", "other"],
      processId: "other",
      streamStdoutStderr: true,
    });
    const outputs: unknown[] = [];
    for await (const { method, params } of notifications) {
      if (method !== "command/exec/outputDelta") continue;
      outputs.push(params.processId);
      break;
    }

    expect(outputs).toEqual(["other"]);
  });

  it("keeps the outputs of commands that run at the same time apart", async () => {
    await using harness = await startHarness();
    const names = ["a", "b", "c", "d"];

    const results = await Promise.all(
      names.map((name) =>
        harness.codex.runCommand(["bash", "-c", `for i in 1 2 3; do echo ${name}; done`]),
      ),
    );

    expect(results.map(({ stdout }) => stdout)).toEqual(names.map((name) => `${name}\n`.repeat(3)));
  });

  it("passes environment variables, and removes those that are undefined", async () => {
    const codex = { env: { GIVEN: "from the client", REMOVED: "x" } };
    await using harness = await startHarness({ codex });

    const { stdout } = await harness.codex.runCommand(
      ["bash", "-c", 'echo "$GIVEN/$ADDED/${REMOVED-none}"'],
      { env: { ADDED: "here", REMOVED: undefined } },
    );

    expect(stdout).toBe("from the client/here/none\n");
  });

  it.each([
    [{ sandbox: "read-only" }, false],
    [{ sandbox: "workspace-write" }, false],
    [{ sandbox: "danger-full-access" }, true],
  ] as const)("with %o decides about a write outside: %s", async (options, isWritten) => {
    await using outside = await makeOutsideFolder();
    await using harness = await startHarness();
    const file = join(outside.folder, "file");

    await harness.codex.runCommand(["bash", "-c", `echo x > ${file}`], options);

    expect(existsSync(file)).toBe(isWritten);
  });

  it("with additional directories lets the command write there", async () => {
    await using outside = await makeOutsideFolder();
    await using harness = await startHarness();
    const file = join(outside.folder, "file");
    const options: RunCommandOptions = {
      sandbox: "workspace-write",
      additionalDirectories: [outside.folder],
    };

    const { exitCode } = await harness.codex.runCommand(["touch", file], options);

    expect([exitCode, existsSync(file)]).toEqual([0, true]);
  });

  it("reports output beyond the cap as truncated", async () => {
    await using harness = await startHarness();

    const { stdout, isTruncated } = await harness.codex.runCommand(
      ["bash", "-c", "head -c 100000 /dev/zero | tr '\\0' x"],
      { outputBytesCap: 1000 },
    );

    expect([stdout.length, isTruncated]).toEqual([1000, true]);
  });

  it("ends the command and rejects with the signal's reason after an abort", async () => {
    await using harness = await startRecordedHarness();
    const controller = new AbortController();
    const reason = new Error("enough");

    const running = harness.codex.runCommand(["bash", "-c", "echo started; sleep 60"], {
      signal: controller.signal,
      onOutput: () => controller.abort(reason),
    });

    await expect(running).rejects.toBe(reason);
    // The next command is answered behind the end of the first.
    await harness.codex.runCommand(["true"]);
    expect(harness.sent("command/exec/terminate")).toHaveLength(1);
  });

  it("ends the command and rejects with a RequestTimeoutError after timeoutMs", async () => {
    await using harness = await startRecordedHarness();

    await harness.codex.start();
    const running = harness.codex.runCommand(["sleep", "60"], { timeoutMs: 100 });

    await expect(running).rejects.toMatchObject({ code: "REQUEST_TIMEOUT" });
    // The next command is answered behind the end of the first.
    await harness.codex.runCommand(["true"]);
    expect(harness.sent("command/exec/terminate")).toHaveLength(1);
  });

  it("rejects with what onOutput throws, and ends the command", async () => {
    await using harness = await startHarness();
    const thrown = new Error("thrown");

    const running = harness.codex.runCommand(["bash", "-c", "echo x; sleep 60"], {
      onOutput: () => {
        throw thrown;
      },
    });

    await expect(running).rejects.toBe(thrown);
  });

  it("refuses what cannot work, and sends nothing", async () => {
    await using harness = await startRecordedHarness();
    const { codex } = harness;
    const bad = (value: unknown) => value as never;
    await codex.start();

    const calls = [
      () => codex.runCommand(bad("ls -l")),
      () => codex.runCommand([]),
      () => codex.runCommand([""]),
      () => codex.runCommand(["ls", bad(5)]),
      () => codex.runCommand(["ls"], { cwd: "no-such-folder" }),
      () => codex.runCommand(["ls", "a\0b"]),
      () => codex.runCommand(["ls"], { env: bad({ A: 5 }) }),
      () => codex.runCommand(["ls"], { env: { "A=B": "x" } }),
      () => codex.runCommand(["ls"], { env: { "": "x" } }),
      () => codex.runCommand(["ls"], { env: { A: "x\0y" } }),
      () => codex.runCommand(["ls"], { sandbox: bad("none") }),
      () => codex.runCommand(["ls"], { sandbox: "read-only", permissions: ":workspace" }),
      () => codex.runCommand(["ls"], { networkAccess: true }),
      () => codex.runCommand(["ls"], { outputBytesCap: 0 }),
    ];
    const codes = await Promise.all(
      calls.map((call) =>
        call().then(String, (error: unknown) => Reflect.get(Object(error), "code")),
      ),
    );

    expect(codes).toEqual(calls.map(() => "INVALID_OPTION"));
    expect(harness.sent("command/exec")).toEqual([]);
  });
});
