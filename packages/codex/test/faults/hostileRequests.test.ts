import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it, onTestFinished } from "vitest";

import { Sandbox } from "../../src/index.js";
import { FakeAppServer } from "../support/fakeAppServer.js";
import { createFakeCodex } from "../support/fakeCodex.js";
import { serverRequestSchemas } from "../support/protocolSchemas.js";
import { filesBelow, sdkSources } from "../support/sourceFiles.js";
import { answersThread, sends, wholeTurn } from "../support/wire.js";

/** Words of an answer that grants something; a refusal has none of them. */
const GRANTS =
  /"(?:accept\w*|approved\w*|allow\w*|grant\w*|session|acceptForSession|always)"|"success":true/i;

describe("a request of the runtime that no handler answers", () => {
  it("gets an answer that the schema takes and that grants nothing, for every method of the protocol", async () => {
    const requests = await serverRequestSchemas();
    const asked = requests.map(({ method }, id) => ({ id, method, params: {} }));
    const isAnswered = asked.map(({ id }) => [`answer ${id}`, sends({ method: "answered" })]);
    await using fake = await createFakeCodex({
      on: { ask: [...sends(...asked), { answer: null }], ...Object.fromEntries(isAnswered) },
    });
    const notifications = fake.codex.notifications();
    await fake.codex.client.request("ask", {});
    await Promise.all(asked.map(() => notifications.next()));

    const answers = fake.server.answers().toSorted((a, b) => Number(a.id) - Number(b.id));
    const judged = answers.map(({ id, result, error }) => {
      const { method = "", answer } = requests[Number(id)] ?? {};
      const kind = error === undefined ? "result" : "error";
      return {
        method,
        isValid:
          kind === "error"
            ? typeof Object(error).code === "number"
            : answer?.safeParse(result).success,
        grants: GRANTS.exec(JSON.stringify(result ?? null))?.[0] ?? "nothing",
      };
    });
    expect(requests.length).toBeGreaterThan(8);
    expect(judged).toEqual(
      requests.map(({ method }) => ({ method, isValid: true, grants: "nothing" })),
    );
  });

  it("would be seen to grant if it did", () => {
    const grants = ["accept", "acceptForSession", "approved", "approved_for_session"];
    expect(grants.filter((decision) => !GRANTS.test(JSON.stringify({ decision })))).toEqual([]);
  });
});

describe("the runtime's command line", () => {
  // The executable is a shell script.
  it.skipIf(process.platform === "win32")(
    "holds nothing of the user's texts: prompts, instructions, paths and names go over stdin",
    async () => {
      await using server = await FakeAppServer.create({
        on: { "thread/start": answersThread, "turn/start": wholeTurn("ok") },
      });
      const marker = "user-words-$(touch x)";
      const folder = await mkdtemp(join(tmpdir(), "codex-words-"));
      onTestFinished(() => rm(folder, { recursive: true }));
      const cwd = join(folder, marker);
      await mkdir(cwd);
      const codexPath = await server.executable();
      await using fake = await createFakeCodex({}, { codexPath, env: { MARKED: marker } });
      const thread = await fake.codex.startThread({
        model: marker,
        cwd,
        sandbox: Sandbox.readOnly,
        baseInstructions: marker,
        developerInstructions: marker,
        config: { instructions: marker },
      });
      await thread.run(marker, { model: marker });

      const [start] = server.starts;
      expect(start?.args).toContain("app-server");
      expect(JSON.stringify(start?.args)).not.toContain("user-words");
      expect(JSON.stringify(server.received())).toContain(marker);
    },
  );

  it("is run by no shell: two places in the sources start a process, by its path and arguments", () => {
    const sources = filesBelow(sdkSources, (path) => path.endsWith(".ts"));
    const shells = sources.filter(({ text }) =>
      /\bshell\s*:\s*(?:true|["'`])|windowsVerbatimArguments|\/bin\/sh|cmd\.exe|ComSpec/.test(text),
    );
    // The watcher of an executor is a fixed script, which gets the command as its arguments.
    expect(shells.map(({ path }) => path)).toEqual(["client/execServerProcess.ts"]);
    const importers = sources.filter(({ text }) => /child_process|node:cluster/.test(text));
    // The second one lists processes, where the system has no /proc.
    expect(importers.map(({ path }) => path)).toEqual([
      "transport/childProcess.ts",
      "transport/orphanedCommands.ts",
    ]);
  });
});
