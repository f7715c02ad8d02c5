import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";

import { describe, expect, it } from "vitest";

import { Codex } from "../../src/index.js";
import { ListeningRuntime } from "../support/listeningRuntime.js";
import { rejectionOf } from "../support/rejection.js";
import { type Harness, startHarness } from "../support/testingKit.js";

function attach(path: string, livenessMs?: number): Codex {
  return new Codex({ transport: { type: "unix", path, livenessMs } });
}

/** A path that an address of the form `ws+unix:` could not have, and a socket of the system neither: it is too long. */
function socketPath({ workspace }: Harness): string {
  return join(workspace, `a b:c${"-long".repeat(20)}.sock`);
}

describe.skipIf(process.platform === "win32")("a Codex attached to a Unix socket", () => {
  it("runs turns, and leaves the runtime running when it closes", async () => {
    await using harness = await startHarness();
    const path = socketPath(harness);
    await using _runtime = await ListeningRuntime.startOnSocket(harness, path);
    const first = attach(path);
    harness.model.reply("hello").reply("again");

    const thread = await first.startThread({ cwd: harness.workspace });
    const answer = await thread.run("hi");
    await first.close();
    await using second = attach(path);
    const later = await (await second.resumeThread(thread.id)).run("and now?");

    expect([answer.finalResponse, later.finalResponse]).toEqual(["hello", "again"]);
    await expect(thread.run("too late")).rejects.toMatchObject({ code: "CLOSED" });
  });

  it("counts relative folders from the working directory of this process, and checks each", async () => {
    await using harness = await startHarness();
    const path = socketPath(harness);
    await using _runtime = await ListeningRuntime.startOnSocket(harness, path);
    await using codex = attach(path);
    const inner = join(harness.workspace, "inner");
    await mkdir(inner);
    const fromHere = relative(process.cwd(), inner);

    const thread = await codex.startThread({
      cwd: fromHere,
      sandbox: "workspace-write",
      additionalDirectories: [relative(process.cwd(), harness.codexHome)],
    });
    const { stdout } = await codex.runCommand(["pwd"], { cwd: fromHere });
    const missing = rejectionOf(codex.startThread({ cwd: "no-such-folder" }));

    expect([thread.settings?.cwd, stdout.trim()]).toEqual([inner, inner]);
    expect(thread.settings?.sandboxPolicy).toMatchObject({ writableRoots: [harness.codexHome] });
    expect(await missing).toMatchObject({ code: "INVALID_OPTION", option: "cwd" });
  });

  it("reports why the socket cannot be reached, with the remedy", async () => {
    await using harness = await startHarness();
    const { workspace } = harness;
    const plain = join(workspace, "plain");
    await writeFile(plain, "");
    await symlink(join(workspace, "gone"), join(workspace, "dangling"));
    const long = join(workspace, "x".repeat(200));
    await writeFile(long, "");
    const failures: unknown[] = [];
    for (const path of [join(workspace, "none"), plain, join(workspace, "dangling"), long]) {
      await using codex = attach(path);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      failures.push(await rejectionOf(codex.start()));
    }
    const failure = (text: RegExp) => ({
      name: "CodexStartError",
      code: "CONNECT_FAILED",
      message: expect.stringMatching(text),
    });
    expect(failures).toMatchObject([
      failure(/the socket .*none: connect ENOENT .*Start a Codex app-server/),
      failure(/connect ECONNREFUSED .*Start a Codex app-server/),
      failure(/connect ENOENT/),
      failure(/more than 103 bytes\. Use a shorter path/),
    ]);
  });

  it("ends with the cause when the runtime is killed", async () => {
    await using harness = await startHarness();
    const path = socketPath(harness);
    await using runtime = await ListeningRuntime.startOnSocket(harness, path);
    await using codex = attach(path);
    const gate = harness.model.gate();
    harness.model.streamText(["never ", gate, "finished"]);
    const running = rejectionOf((await codex.startThread()).run("hi"));
    await gate.reached;
    await runtime.kill();
    expect(await running).toMatchObject({
      code: "TRANSPORT_CLOSED",
      message: expect.stringContaining(`the socket ${path} was cut off`),
    });
  });
});
