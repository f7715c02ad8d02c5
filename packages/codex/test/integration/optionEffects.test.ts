import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type Thread } from "../../src/index.js";
import { isSearchOffered, requestAt } from "../support/modelRequests.js";
import { type Harness, message, startHarness } from "../support/testingKit.js";

let harness: Harness;
let source: Thread;
let turnIds: string[];

beforeAll(async () => {
  harness = await startHarness();
  harness.model.respond(() => [message("ok")]);
  source = await harness.codex.startThread();
  turnIds = [(await source.run("FIRST-1")).id, (await source.run("SECOND-2")).id];
});
afterAll(() => harness.close());

/** The body of the last request to the model. */
function lastBody() {
  const body: {
    readonly service_tier?: string;
    readonly reasoning?: { readonly summary?: string };
  } = JSON.parse(requestAt(harness.model, -1).body);
  return body;
}

/** A stored thread with one turn that is not open in this client. */
async function stored(): Promise<string> {
  const thread = await harness.codex.startThread();
  await thread.run("one");
  await harness.codex.client.request("thread/unsubscribe", { threadId: thread.id });
  return thread.id;
}

type Open = (options: object) => Promise<Thread>;
const WAYS: readonly (readonly [string, Open])[] = [
  ["startThread", (options) => harness.codex.startThread(options)],
  ["resumeThread", async (options) => harness.codex.resumeThread(await stored(), options)],
  ["forkThread", (options) => harness.codex.forkThread(source.id, options)],
];

describe.each(WAYS)("the options of %s reach the model", (_name, open) => {
  it("serviceTier as the tier of the request", async () => {
    await (await open({ serviceTier: "flex" })).run("Go.");

    expect(lastBody().service_tier).toBe("flex");
  });

  it("baseInstructions as instructions, webSearch as a tool, model and effort as they are", async () => {
    const thread = await open({
      baseInstructions: "You are BASE-7.",
      webSearch: "disabled",
      model: "another-model",
      effort: "low",
    });
    await thread.run("Go.");

    const request = requestAt(harness.model, -1);
    expect(request.body).toContain("You are BASE-7.");
    expect(isSearchOffered(harness.model, -1)).toBe(false);
    expect([request.modelName(), request.reasoningEffort()]).toEqual(["another-model", "low"]);
  });
});

describe("the options of run", () => {
  it("serviceTier stays for later turns, and serviceTierForTurn does not", async () => {
    const thread = await harness.codex.startThread();
    const tiers: unknown[] = [];
    const turns = [{ serviceTierForTurn: "flex" }, {}, { serviceTier: "flex" }, {}];
    for (const options of turns) {
      // oxlint-disable-next-line no-await-in-loop -- the turns of one thread
      await thread.run("Go.", options);
      tiers.push(lastBody().service_tier);
    }

    expect(tiers).toEqual(["flex", undefined, "flex", "flex"]);
  });

  it("additionalContext and the metadata of the request reach the model's provider", async () => {
    const thread = await harness.codex.startThread();

    const { items } = await thread.run("Go.", {
      additionalContext: { source: { value: "CONTEXT-9", kind: "untrusted" } },
      responsesapiClientMetadata: { team: "METADATA-8" },
      clientUserMessageId: "message-1",
    });

    const { body } = requestAt(harness.model, -1);
    expect([body.includes("CONTEXT-9"), body.includes("METADATA-8")]).toEqual([true, true]);
    expect(items[0]).toMatchObject({ type: "userMessage", clientId: "message-1" });
  });
});

describe("the options of forkThread", () => {
  it.each([
    ["lastTurnId", () => ({ lastTurnId: turnIds[0] }), [true, false]],
    ["beforeTurnId", () => ({ beforeTurnId: turnIds[1] }), [true, false]],
    ["none", () => ({}), [true, true]],
  ] as const)("%s decides which turns the model sees", async (_option, options, seen) => {
    const fork = await harness.codex.forkThread(source.id, options());
    await fork.run("Go.");

    const { body } = requestAt(harness.model, -1);
    expect(["FIRST-1", "SECOND-2"].map((text) => body.includes(text))).toEqual(seen);
  });
});

describe("the options of startThread", () => {
  it("projectId is stored with the thread, and finds it again", async () => {
    const { project } = await harness.codex.client.request("project/create", {
      name: "A project",
      roots: [],
      idempotencyKey: "key-1",
    });
    const thread = await harness.codex.startThread({ projectId: project.id });
    await thread.run("Go.");

    const { data } = await harness.codex.listThreads({ projectId: project.id });

    expect(data.map(({ id }) => id)).toEqual([thread.id]);
  });
});
