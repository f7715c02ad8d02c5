import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterEach, describe, expect, it, vi } from "vitest";

import { rejectionOf } from "../support/rejection.js";
import { applyPatch, message, shellCall, startHarness } from "../support/testingKit.js";

afterEach(() => {
  vi.useRealTimers();
});

describe("applyPatch", () => {
  it("adds, replaces and deletes files in a workspace-write sandbox", async () => {
    await using harness = await startHarness();
    const { codex, model, workspace } = harness;
    await writeFile(join(workspace, "old.txt"), "old\n");
    await writeFile(join(workspace, "gone.txt"), "gone\n");
    const patch = { "new/a.txt": "one\ntwo\n", "old.txt": "replaced", "gone.txt": null };
    model.enqueue(applyPatch(patch, { callId: "call_patch" })).reply("Done.");

    const thread = await codex.startThread({ sandbox: "workspace-write" });
    const { items, finalResponse } = await thread.run("Go.");

    expect(finalResponse).toBe("Done.");
    expect(items.filter(({ type }) => type === "fileChange")).toMatchObject([
      { id: "call_patch", status: "completed" },
    ]);
    expect(await readFile(join(workspace, "new/a.txt"), "utf8")).toBe("one\ntwo\n");
    expect(await readFile(join(workspace, "old.txt"), "utf8")).toBe("replaced\n");
    await expect(readFile(join(workspace, "gone.txt"))).rejects.toMatchObject({ code: "ENOENT" });
    expect(model.unscripted).toEqual([]);
  });

  it("asks for approval in a read-only sandbox, with a patch as text too", async () => {
    await using harness = await startHarness();
    const { codex, model, workspace } = harness;
    const patch = "*** Begin Patch\n*** Add File: a.txt\n+text\n*** End Patch";
    model.enqueue(applyPatch(patch)).reply("Done.");
    const kinds: string[] = [];

    const thread = await codex.startThread({
      sandbox: "read-only",
      onApproval: ({ kind }) => {
        kinds.push(kind);
        return "accept";
      },
    });
    await thread.run("Go.");

    expect(kinds).toEqual(["fileChange"]);
    expect(await readFile(join(workspace, "a.txt"), "utf8")).toBe("text\n");
  });
});

describe("a model request without a script", () => {
  it("fails the turn with an error that names the request and the remedy", async () => {
    await using harness = await startHarness();
    harness.model.reply("One.");
    const thread = await harness.codex.startThread();
    await thread.run("First.");

    const error = await rejectionOf(thread.run("Second."));

    expect(error).toMatchObject({ code: "TURN_FAILED" });
    expect(String(error)).toContain(
      'the script of ScriptedModel has no step for request #2 (the last user text is "Second."): add a step',
    );
    expect(harness.model.unscripted).toHaveLength(1);
  });
});

describe("a command that the runtime has reviewed by the model", () => {
  it.each([
    ["allow", "completed"],
    ["deny", "declined"],
  ] as const)("does not take a scripted response with reviews: %s", async (reviews, status) => {
    await using harness = await startHarness({ reviews });
    const { codex, model } = harness;
    const outside = { sandbox_permissions: "require_escalated", justification: "It must." };
    model.enqueue(shellCall("echo hi", outside)).enqueue(message("Done."));

    const thread = await codex.startThread({ sandbox: "workspace-write" });
    const { finalResponse, items } = await thread.run("Go.");

    expect(finalResponse).toBe("Done.");
    expect(items).toContainEqual(expect.objectContaining({ type: "commandExecution", status }));
    expect(model.reviewRequests).toHaveLength(1);
    expect(model.requestCount).toBe(2);
    expect(model.unscripted).toEqual([]);
  });
});

describe("a harness", () => {
  it("closes while the timers of the test are fake", async () => {
    const harness = await startHarness();
    harness.model.reply("One.");
    await (await harness.codex.startThread()).run("Go.");
    vi.useFakeTimers();

    await harness.close();

    await expect(readFile(join(harness.codexHome, "config.toml"))).rejects.toMatchObject({
      code: "ENOENT",
    });
  });

  it("gives commands a home of its own", async () => {
    await using harness = await startHarness();
    const { codex, model, workspace } = harness;
    const program = "console.log(process.env.HOME, process.env.USERPROFILE)";
    model.enqueue(shellCall(`"${process.execPath}" -e "${program}"`)).reply("Done.");

    await (await codex.startThread({ sandbox: "danger-full-access" })).run("Go.");

    const home = join(workspace, "..");
    expect(model.requests.at(-1)?.functionCallOutputs().at(-1)?.text).toContain(`${home} ${home}`);
  });
});
