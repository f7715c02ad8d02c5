import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type CodexErrorCode, type Codex } from "../../src/index.js";
import { type Harness, message, startHarness } from "../../src/testing/index.js";

const UNKNOWN_ID = "019a0000-0000-7000-8000-000000000000";
const ITEM = {
  type: "message",
  role: "developer",
  content: [{ type: "input_text", text: "Note." }],
};
const REVIEW = { target: { type: "custom", instructions: "Look." } } as const;

/** Every method that is about one thread. */
const METHODS = {
  read: (codex, id) => codex.thread(id).read(),
  "read with turns": (codex, id) => codex.thread(id).read({ includeTurns: true }),
  listTurns: (codex, id) => codex.thread(id).listTurns(),
  listItems: (codex, id) => codex.thread(id).listItems(),
  iterateTurns: (codex, id) => codex.thread(id).iterateTurns().next(),
  iterateItems: (codex, id) => codex.thread(id).iterateItems().next(),
  inject: (codex, id) => codex.thread(id).inject([ITEM]),
  revert: (codex, id) => codex.thread(id).revert(UNKNOWN_ID),
  setName: (codex, id) => codex.thread(id).setName("name"),
  updateSettings: (codex, id) => codex.thread(id).updateSettings({ effort: "high" }),
  run: (codex, id) => codex.thread(id).run("Hello."),
  turn: (codex, id) => codex.thread(id).turn("Hello."),
  compact: (codex, id) => codex.thread(id).compact(),
  startGoal: (codex, id) => codex.thread(id).startGoal("Build it."),
  runGoal: (codex, id) => codex.thread(id).runGoal("Build it."),
  pauseGoal: (codex, id) => codex.thread(id).pauseGoal(),
  resumeGoal: (codex, id) => codex.thread(id).resumeGoal(),
  goal: (codex, id) => codex.thread(id).goal(),
  clearGoal: (codex, id) => codex.thread(id).clearGoal(),
  review: (codex, id) => codex.thread(id).review(REVIEW),
  fork: (codex, id) => codex.thread(id).fork(),
  unload: (codex, id) => codex.thread(id).unload(),
  archive: (codex, id) => codex.thread(id).archive(),
  unarchive: (codex, id) => codex.thread(id).unarchive(),
  delete: (codex, id) => codex.thread(id).delete(),
  resumeThread: (codex, id) => codex.resumeThread(id),
  forkThread: (codex, id) => codex.forkThread(id),
  archiveThread: (codex, id) => codex.archiveThread(id),
  unarchiveThread: (codex, id) => codex.unarchiveThread(id),
  deleteThread: (codex, id) => codex.deleteThread(id),
  "codex.review": (codex, id) => codex.review(id, REVIEW),
} as const satisfies Readonly<Record<string, (codex: Codex, id: string) => Promise<unknown>>>;

type Method = keyof typeof METHODS;

/** One kind of thread, with the methods that are refused for it. All others work, or change it. */
interface State {
  readonly make: (codex: Codex) => Promise<string>;
  /** Each call needs a thread of its own. */
  readonly isChanged?: true;
  readonly refused: Readonly<Partial<Record<Method, CodexErrorCode>>>;
  readonly remedies: Readonly<Partial<Record<CodexErrorCode, string>>>;
}

function all(code: CodexErrorCode, methods: readonly Method[]) {
  return Object.fromEntries(methods.map((method) => [method, code]));
}

// SAFETY: the names of an object literal that the type checker has seen.
const EVERY_METHOD = Object.keys(METHODS) as readonly Method[];

/** Methods that work on what is stored of a thread. */
const STORED: readonly Method[] = [
  "read with turns",
  "listTurns",
  "listItems",
  "iterateTurns",
  "iterateItems",
  "revert",
  "fork",
  "forkThread",
  "resumeThread",
];

const STATES: Readonly<Record<string, State>> = {
  "an id that no thread has": {
    make: async () => UNKNOWN_ID,
    refused: all("THREAD_NOT_FOUND", EVERY_METHOD),
    remedies: { THREAD_NOT_FOUND: "check the id and CODEX_HOME" },
  },
  "a text that is not an id": {
    make: async () => "no-uuid",
    refused: all("THREAD_NOT_FOUND", EVERY_METHOD),
    remedies: { THREAD_NOT_FOUND: "which is a UUID" },
  },
  "a deleted thread": {
    make: async (codex) => {
      const id = await storedThread(codex);
      await codex.deleteThread(id);
      return id;
    },
    refused: all("THREAD_NOT_FOUND", EVERY_METHOD),
    remedies: { THREAD_NOT_FOUND: "check the id and CODEX_HOME" },
  },
  "a thread without a turn": {
    make: async (codex) => (await codex.startThread()).id,
    isChanged: true,
    refused: {
      ...all("THREAD_NOT_STORED", STORED),
      ...all("THREAD_IN_USE", ["unarchive", "unarchiveThread"]),
      // The runtime drops the thread before it refuses.
      revert: "THREAD_NOT_FOUND",
    },
    remedies: {
      THREAD_NOT_FOUND: "is stored there with its first turn",
      THREAD_NOT_STORED: "run a turn first",
      THREAD_IN_USE: "is not archived",
    },
  },
  "an ephemeral thread": {
    make: async (codex) => {
      const thread = await codex.startThread({ ephemeral: true });
      await thread.run("Hello.");
      return thread.id;
    },
    refused: {
      ...all("THREAD_NOT_STORED", [
        ...STORED,
        ...(["setName", "pauseGoal", "goal", "clearGoal"] as const),
        ...(["archive", "archiveThread"] as const),
        ...(["delete", "deleteThread"] as const),
      ]),
      ...all("INVALID_OPTION", ["startGoal", "runGoal", "resumeGoal"]),
      ...all("THREAD_NOT_FOUND", ["unarchive", "unarchiveThread"]),
    },
    remedies: {
      THREAD_NOT_FOUND: "only a thread that is archived there can be unarchived",
      THREAD_NOT_STORED: "ephemeral: true is never stored",
      INVALID_OPTION: "start it without ephemeral",
    },
  },
  "a stored thread": {
    make: storedThread,
    refused: {
      ...all("THREAD_IN_USE", ["unarchive", "unarchiveThread"]),
      ...all("INVALID_REQUEST", ["pauseGoal", "resumeGoal", "revert"]),
    },
    remedies: { THREAD_IN_USE: "is not archived" },
  },
  "an archived thread": {
    make: async (codex) => {
      const id = await storedThread(codex);
      await codex.archiveThread(id);
      return id;
    },
    refused: all("THREAD_NOT_FOUND", [
      ...(["inject", "revert", "setName", "updateSettings", "run", "turn", "compact"] as const),
      ...(["startGoal", "runGoal", "pauseGoal", "resumeGoal", "goal", "clearGoal"] as const),
      ...(["review", "codex.review", "fork", "forkThread", "resumeThread"] as const),
      ...(["archive", "archiveThread"] as const),
    ]),
    remedies: { THREAD_NOT_FOUND: "unarchive" },
  },
};

async function storedThread(codex: Codex): Promise<string> {
  const thread = await codex.startThread();
  await thread.run("Hello.");
  return thread.id;
}

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
  harness.model.respond(() => [message("ok")]);
});
afterAll(() => harness.close());

describe.each(Object.entries(STATES))("a method that is called for %s", (_name, state) => {
  it("is refused with the code and the remedy that are true, or works", async () => {
    const { codex } = harness;
    const shared = await state.make(codex);
    const refused = Object.entries(state.refused);
    const faults: string[] = [];

    for (const [method, code] of refused) {
      // SAFETY: the keys of the table are names of methods.
      const call = METHODS[method as Method];
      // A refused call may store a thread that was not stored.
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const id = state.isChanged === true ? await state.make(codex) : shared;
      // oxlint-disable-next-line no-await-in-loop -- they share one thread
      const error: unknown = await call(codex, id).then(
        () => "no error",
        (caught: unknown) => caught,
      );
      const { code: given } = error as { readonly code?: string };
      const text = String(error);
      if (given !== code || !text.includes(state.remedies[code] ?? "")) {
        faults.push(`${method}: ${text}`);
      }
    }

    expect(refused.length).toBeGreaterThan(4);
    expect(faults).toEqual([]);
  });

  it("reads the thread where there is one", async () => {
    const { codex } = harness;
    const id = await state.make(codex);

    const read = await codex
      .thread(id)
      .read()
      .catch(({ code }) => code);

    expect(state.refused.read ?? read).toEqual(read);
  });
});

describe("unload", () => {
  it("of a thread that the runtime does not have loaded resolves when it is stored", async () => {
    const { codex } = harness;
    const archived = await STATES["an archived thread"]?.make(codex);

    await expect(codex.thread(archived ?? "").unload()).resolves.toBeUndefined();
  });

  it("that ends by its time limit names the report that is missing", async () => {
    const thread = await harness.codex.startThread();

    await expect(thread.unload({ timeoutMs: 200 })).rejects.toMatchObject({
      code: "REQUEST_TIMEOUT",
      message: expect.stringContaining("thread/closed did not follow"),
    });
  });
});
