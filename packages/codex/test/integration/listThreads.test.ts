import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type ListThreadsOptions } from "../../src/index.js";
import { type Harness, message, startHarness } from "../support/testingKit.js";

const NAMES = ["apple", "banana", "cherry", "damson", "elder"] as const;

/** Five threads, one of them archived and one in another folder. */
let harness: Harness;
let elsewhere: string;
const nameOf = new Map<string, string>();

beforeAll(async () => {
  harness = await startHarness();
  elsewhere = join(harness.workspace, "elsewhere");
  await mkdir(elsewhere);
  harness.model.respond(() => [message("ok")]);
  for (const name of NAMES) {
    const options = name === "damson" ? { cwd: elsewhere } : {};
    // One after the other, so that they are of different ages.
    // oxlint-disable-next-line no-await-in-loop
    const thread = await harness.codex.startThread(options);
    nameOf.set(thread.id, name);
    // oxlint-disable-next-line no-await-in-loop
    await thread.run(`Tell me about ${name}`);
    // oxlint-disable-next-line no-await-in-loop
    if (name === "elder") await thread.archive();
  }
});

afterAll(() => harness.close());

const namesOf = (threads: readonly { readonly id: string }[]) =>
  threads.map(({ id }) => nameOf.get(id));

describe("listThreads", () => {
  it.each<readonly [string, () => ListThreadsOptions, readonly string[]]>([
    ["newest first", () => ({}), ["damson", "cherry", "banana", "apple"]],
    ["archived ones alone", () => ({ archived: true }), ["elder"]],
    ["of one folder", () => ({ cwd: elsewhere }), ["damson"]],
    [
      "of several folders",
      () => ({ cwd: [elsewhere, harness.workspace] }),
      ["damson", "cherry", "banana", "apple"],
    ],
    ["that a word is in", () => ({ searchTerm: "banana" }), ["banana"]],
    ["of one provider", () => ({ modelProviders: ["another"] }), []],
    ["of one kind of source", () => ({ sourceKinds: ["exec"] }), []],
    [
      "oldest first",
      () => ({ sortDirection: "asc", sortKey: "created_at" }),
      ["apple", "banana", "cherry", "damson"],
    ],
    ["no more than so many", () => ({ limit: 1 }), ["damson"]],
    ["with an option that is undefined", () => ({ archived: undefined, limit: 1 }), ["damson"]],
  ])("gives the threads %s", async (_what, options, expected) => {
    expect(namesOf((await harness.codex.listThreads(options())).data)).toEqual(expected);
  });

  it("gives a page, and by its cursor the next one", async () => {
    const first = await harness.codex.listThreads({ limit: 3 });
    const second = await harness.codex.listThreads({ limit: 3, cursor: first.nextCursor });

    expect([namesOf(first.data), namesOf(second.data)]).toEqual([
      ["damson", "cherry", "banana"],
      ["apple"],
    ]);
    expect([typeof first.nextCursor, second.nextCursor]).toEqual(["string", null]);
  });

  it("refuses an option that it does not know, and lists those that it does", async () => {
    // What a caller without a compiler may pass.
    const options = { page: 2 } as ListThreadsOptions;

    await expect(async () => harness.codex.listThreads(options)).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringMatching(/^page: .*archived, cursor, cwd, limit, .*searchTerm/u),
    });
  });
});

describe("iterateThreads", () => {
  const collect = async (options: ListThreadsOptions, enough = Infinity) => {
    const threads = [];
    for await (const thread of harness.codex.iterateThreads(options)) {
      threads.push(thread);
      if (threads.length >= enough) break;
    }
    return namesOf(threads);
  };

  it("goes over all pages, each thread once", async () => {
    expect(await collect({ limit: 1 })).toEqual(["damson", "cherry", "banana", "apple"]);
    expect(await collect({ limit: 3 })).toEqual(["damson", "cherry", "banana", "apple"]);
    expect(await collect({ limit: 4 })).toEqual(["damson", "cherry", "banana", "apple"]);
  });

  it("keeps to the filters, and may be left early", async () => {
    expect(await collect({ archived: true, limit: 1 })).toEqual(["elder"]);
    expect(await collect({ limit: 1 }, 2)).toEqual(["damson", "cherry"]);
  });
});
