import { existsSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import type { Thread, TurnOptions } from "../../src/index.js";
import { escalatedCall } from "../support/approvalScripts.js";
import { canWrite, makeOutsideFolder } from "../support/outsideFolder.js";
import { secondClient } from "../support/secondClient.js";
import { type Harness, httpStatus, message, startHarness } from "../support/testingKit.js";

// Each mode is shown by its effect: a command that wants more than the sandbox runs only when the reviewer
// allows it, and `deny_all` asks nobody.

let count = 0;

/** Runs a turn whose command wants to write outside: whether a reviewer was asked, and it has written. */
async function escalate(
  { model }: Harness,
  thread: Thread,
  folder: string,
  options: TurnOptions = {},
): Promise<{ readonly isReviewed: boolean; readonly isWritten: boolean }> {
  const before = model.reviewRequests.length;
  count += 1;
  const file = join(folder, `file-${count}`);
  model.enqueue(escalatedCall(`echo x > ${file}`)).reply("Done.");
  await thread.run("Write.", options);
  return { isReviewed: model.reviewRequests.length > before, isWritten: existsSync(file) };
}

const DENIED = { isReviewed: false, isWritten: false };
const REVIEWED = { isReviewed: true, isWritten: true };

describe("the approval mode deny_all of a thread", () => {
  it("holds for a resume in another process: nobody is asked, and the command does not run", async () => {
    await using outside = await makeOutsideFolder();
    await using harness = await startHarness();
    const thread = await harness.codex.startThread({ approvalMode: "deny_all" });
    expect(await escalate(harness, thread, outside.folder)).toEqual(DENIED);
    await harness.codex.close();

    await using other = secondClient(harness);
    const resumed = await other.resumeThread(thread.id);

    expect(await escalate(harness, resumed, outside.folder)).toEqual(DENIED);
  });

  it("holds for a fork, unless the fork asks for another one, which leaves the source as it was", async () => {
    await using outside = await makeOutsideFolder();
    await using harness = await startHarness();
    const thread = await harness.codex.startThread({ approvalMode: "deny_all" });
    expect(await escalate(harness, thread, outside.folder)).toEqual(DENIED);

    const fork = await harness.codex.forkThread(thread.id);
    const other = await harness.codex.forkThread(thread.id, { approvalMode: "auto_review" });

    expect(await escalate(harness, fork, outside.folder)).toEqual(DENIED);
    expect(await escalate(harness, other, outside.folder)).toEqual(REVIEWED);
    expect(await escalate(harness, thread, outside.folder)).toEqual(DENIED);
  });

  it("is replaced by the one that a resume asks for", async () => {
    await using outside = await makeOutsideFolder();
    await using harness = await startHarness();
    const thread = await harness.codex.startThread({ approvalMode: "deny_all" });
    expect(await escalate(harness, thread, outside.folder)).toEqual(DENIED);

    const resumed = await harness.codex.resumeThread(thread.id, { approvalMode: "auto_review" });

    expect(await escalate(harness, resumed, outside.folder)).toEqual(REVIEWED);
  });
});

describe("the approval mode of a turn", () => {
  it("is the thread's when it is left out, and stays for later turns when it is given", async () => {
    await using outside = await makeOutsideFolder();
    await using harness = await startHarness();
    const thread = await harness.codex.startThread();
    const modes: readonly TurnOptions[] = [
      {},
      { approvalMode: "deny_all" },
      {},
      { approvalMode: "auto_review" },
      {},
    ];

    const effects: unknown[] = [];
    for (const options of modes) {
      // oxlint-disable-next-line no-await-in-loop -- the turns of one thread
      effects.push(await escalate(harness, thread, outside.folder, options));
    }

    expect(effects).toEqual([REVIEWED, DENIED, DENIED, REVIEWED, REVIEWED]);
  });
});

describe("a sandbox preset", () => {
  it("decides what a command writes, on a thread and on a turn alike", async () => {
    await using outside = await makeOutsideFolder();
    await using harness = await startHarness();
    const { codex, model, workspace } = harness;
    const effects: unknown[] = [];
    for (const sandbox of ["read-only", "workspace-write", "danger-full-access"] as const) {
      /* oxlint-disable no-await-in-loop -- the script of the model is one for all threads */
      const thread = await codex.startThread({ sandbox, approvalMode: "deny_all" });
      const other = await codex.startThread({ approvalMode: "deny_all" });
      model.reply("ok");
      await other.run("Hello", { sandbox });
      for (const one of [thread, other]) {
        const inside = await canWrite(model, one, join(workspace, "file"));
        effects.push([sandbox, inside, await canWrite(model, one, join(outside.folder, "file"))]);
      }
      /* oxlint-enable no-await-in-loop */
    }

    expect(effects).toEqual([
      ["read-only", false, false],
      ["read-only", false, false],
      ["workspace-write", true, false],
      ["workspace-write", true, false],
      ["danger-full-access", true, true],
      ["danger-full-access", true, true],
    ]);
  });
});

describe("a thread of the list", () => {
  it("is in the archived list only while it is archived", async () => {
    await using harness = await startHarness();
    harness.model.respond(() => [message("ok")]);
    const [kept, archived] = [await harness.codex.startThread(), await harness.codex.startThread()];
    await Promise.all([kept.run("one"), archived.run("two")]);
    const idsOf = async (isArchived: boolean) => {
      const { data } = await harness.codex.listThreads({ archived: isArchived });
      return data.map(({ id }) => id);
    };

    await archived.archive();
    expect([await idsOf(false), await idsOf(true)]).toEqual([[kept.id], [archived.id]]);
    await archived.unarchive();

    expect([(await idsOf(false)).toSorted(), await idsOf(true)]).toEqual([
      [kept.id, archived.id].toSorted(),
      [],
    ]);
  });
});

describe("calls of one client", () => {
  it("overlap: each of two commands waits for a file that the other one writes", async () => {
    await using harness = await startHarness();
    const [first, second] = ["first", "second"].map((name) => join(harness.workspace, name));
    const waitFor = (own: string | undefined, other: string | undefined) =>
      harness.codex.runCommand(
        ["bash", "-c", `touch ${own}; until [ -e ${other} ]; do sleep 0.05; done`],
        { sandbox: "workspace-write" },
      );

    const results = await Promise.all([waitFor(first, second), waitFor(second, first)]);

    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  });
});

describe("an image as a remote URL", () => {
  it("is refused by the SDK, because the runtime does not fetch it for the model", async () => {
    await using harness = await startHarness();
    const url = "https://example.com/a.png";
    harness.model.respond(() => [message("ok")]);
    const thread = await harness.codex.startThread();

    const refused = thread.run({ type: "image", url });
    await expect(refused).rejects.toMatchObject({ code: "INVALID_OPTION", option: "input.url" });
    const raw = harness.codex.client.request("turn/start", {
      threadId: thread.id,
      input: [{ type: "image", url }],
    });

    await expect(raw).rejects.toMatchObject({ code: "INVALID_REQUEST" });
    expect(harness.model.requests).toEqual([]);
  });
});

describe("a goal that ends early", () => {
  it("keeps the status that the runtime gives it: blocked, or limited by usage", async () => {
    await using harness = await startHarness();
    const body = { error: { type: "usage_limit_reached", message: "limit" } };
    const thread = await harness.codex.startThread();
    const statuses: unknown[] = [];
    harness.model.fail("server_error", "boom").enqueue(httpStatus(429, { body }));

    for (const objective of ["one", "two"]) {
      // oxlint-disable-next-line no-await-in-loop -- the goals of one thread
      const code = await thread.runGoal(objective).then(String, (error) => error.code);
      // oxlint-disable-next-line no-await-in-loop
      statuses.push([code, (await thread.goal())?.status]);
    }

    expect(statuses).toEqual([
      ["TURN_FAILED", "blocked"],
      ["USAGE_LIMIT", "usageLimited"],
    ]);
  });
});
