import { setImmediate } from "node:timers/promises";

import { Codex, CodexError, type Thread, tool } from "../../src/index.js";
import { createDeferred } from "../../src/internal/deferred.js";
import type { WireMessage } from "./fakeAppServer.js";
import { goalOf, goalUpdated } from "./goalMessages.js";
import { LinkedRuntime, type Send } from "./linkedRuntime.js";
import {
  agentMessage,
  itemCompleted,
  notification,
  turn,
  turnCompleted,
  turnStarted,
} from "./wire.js";

/** Time limit for open work to end, in milliseconds, once everything that ends it was sent. */
const HANG_MS = 5000;

/** The input by which a turn ends at once. */
export const COMPLETE = "Complete.";

/** Work that is open while mutated messages come, and the way it ends. */
export interface OpenWork {
  readonly threadIds: readonly string[];
  readonly loginId: string;
  /** Ids of everything that is open, to be put into messages. */
  readonly ids: readonly unknown[];
  /** Ends all of it in good order, and waits until its promises have settled. */
  end(): Promise<void>;
}

/** A client of an in-process runtime, and every fault that its host or its callers notice. */
export class FuzzedClient implements AsyncDisposable {
  readonly codex: Codex;
  readonly runtime = new LinkedRuntime((message, send) => this.#act(message, send));
  readonly faults: string[] = [];
  /** The methods of the notifications that a reader got since the last `openWork`. */
  readonly seen = new Set<string>();
  /** Answers the next request of a method, in place of the valid answer. */
  readonly overrides = new Map<string, (message: WireMessage, send: Send) => void>();
  readonly #onHostFault = (error: unknown) => this.faults.push(`host: ${describe(error)}`);
  readonly #pending: unknown[] = [];
  #threads = 0;
  #logins = 0;
  #handled = createDeferred<void>();

  constructor() {
    this.codex = new Codex({ ...this.runtime.options });
    process.on("uncaughtException", this.#onHostFault);
    process.on("unhandledRejection", this.#onHostFault);
    void this.#watch("notifications()", this.#read(this.codex.notifications()));
  }

  /** Writes one line; a dispatch that throws is a fault. */
  write(line: string): void {
    try {
      this.runtime.write(`${line}\n`);
    } catch (error) {
      this.faults.push(`dispatch: ${describe(error)}`);
    }
  }

  /** Follows a promise to its end: a rejection has to be a `CodexError`. */
  async settle(what: string, promise: Promise<unknown>): Promise<void> {
    const limit = createDeferred<"late">();
    const timer = setTimeout(() => limit.resolve("late"), HANG_MS);
    const outcome = await Promise.race([this.#watch(what, promise), limit.promise]);
    clearTimeout(timer);
    if (outcome === "late") this.faults.push(`${what}: hangs`);
  }

  /** Opens a streamed turn, a turn that runs, a goal, a login, a request, an approval and a tool call. */
  async openWork(): Promise<OpenWork> {
    this.seen.clear();
    this.#handled = createDeferred<void>();
    const handled = () => this.#handled.promise;
    const work = tool({
      name: "work",
      description: "Works.",
      inputSchema: { type: "object" },
      execute: () => handled().then(() => "done"),
    });
    const handlers = { onApproval: () => handled().then(() => "decline" as const), tools: [work] };
    const threads: Thread[] = [];
    for (let count = 0; count < 3; count += 1) {
      // oxlint-disable-next-line no-await-in-loop
      threads.push(await this.codex.startThread(handlers));
    }
    const threadIds = threads.map(({ id }) => id);
    const [first, second, third] = threads;
    if (first === undefined || second === undefined || third === undefined) throw new Error("none");
    const streamed = await first.turn("Go.");
    const ran = await second.turn("Go.");
    const goal = await third.startGoal("Build it");
    const login = await this.codex.loginChatgpt();
    const requestId = `open request of ${first.id}`;
    const ends = [
      this.settle("turn.stream()", this.#read(streamed.stream())),
      this.settle("turn.run()", ran.run()),
      this.settle("goal.stream()", this.#read(goal.stream())),
      this.settle("login.wait()", login.wait()),
      this.settle("client.request()", this.codex.client.request("test/pending")),
    ];
    const approval = { ...turnFacts(first.id), itemId: "item-1", kind: "command", command: "ls" };
    this.runtime.send({
      id: requestId,
      method: "item/commandExecution/requestApproval",
      params: approval,
    });
    // The request has no answer to wait for.
    // oxlint-disable-next-line no-await-in-loop
    while (this.#pending.length === 0) await setImmediate();
    const turnIds = threadIds.map(turnIdOf);
    return {
      threadIds,
      loginId: login.loginId,
      ids: [...threadIds, ...turnIds, login.loginId, requestId, this.#pending.at(-1)],
      end: async () => {
        this.#handled.resolve();
        // The handlers answer before their threads go.
        for (let round = 0; round < 3; round += 1) await setImmediate();
        this.#endWork(threadIds, login.loginId);
        await Promise.all(ends);
      },
    };
  }

  /** Runs a turn to its end on a thread of its own; returns what came of it. */
  async runTurn(): Promise<unknown> {
    const thread = await this.codex.startThread();
    const { status, finalResponse } = await thread.run(COMPLETE);
    return { status, finalResponse };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.codex.close();
    await setImmediate();
    this.runtime[Symbol.dispose]();
    process.off("uncaughtException", this.#onHostFault);
    process.off("unhandledRejection", this.#onHostFault);
  }

  #endWork(threadIds: readonly string[], loginId: string): void {
    const [, , goalThread = ""] = threadIds;
    const ended = { goal: { ...goalOf("complete"), threadId: goalThread }, turnId: null };
    const messages: unknown[] = [
      notification("thread/goal/updated", { threadId: goalThread, ...ended }),
      ...threadIds.map((threadId) => turnCompleted(turnIdOf(threadId), threadId)),
      ...threadIds.map((threadId) => notification("thread/deleted", { threadId })),
      notification("account/login/completed", { loginId, success: true, error: null }),
      ...this.#pending.splice(0).map((id) => ({ id, result: {} })),
    ];
    for (const message of messages) this.write(JSON.stringify(message));
  }

  async #read(events: AsyncIterable<{ readonly method: string }>): Promise<void> {
    for await (const { method } of events) this.seen.add(method);
  }

  async #watch(what: string, promise: Promise<unknown>): Promise<void> {
    try {
      await promise;
    } catch (error) {
      if (!(error instanceof CodexError)) this.faults.push(`${what}: ${describe(error)}`);
    }
  }

  #act(message: WireMessage, send: Send): void {
    const { id, method } = message;
    if (id === undefined || method === undefined) return;
    const override = this.overrides.get(method);
    if (override !== undefined) {
      this.overrides.delete(method);
      override(message, send);
      return;
    }
    if (method === "test/pending") this.#pending.push(id);
    else send(...this.answerTo(message));
  }

  /** The valid answer to a request, and what follows it. */
  answerTo({ id, method, params }: WireMessage): object[] {
    const { threadId = "", input }: { threadId?: string; input?: readonly { text?: string }[] } =
      Object(params);
    switch (method) {
      case "thread/start":
      case "thread/resume":
      case "thread/fork":
      case "thread/unarchive":
        this.#threads += 1;
        return [{ id, result: { thread: threadOf(`thread ${this.#threads}`) } }];
      case "thread/read":
        return [{ id, result: { thread: threadOf(threadId) } }];
      case "turn/start":
      case "review/start": {
        const turnId = turnIdOf(threadId);
        const result = { turn: turn(turnId, "inProgress"), reviewThreadId: threadId };
        return [
          { id, result },
          turnStarted(turnId, threadId),
          ...(input?.[0]?.text === COMPLETE ? endOf(threadId) : []),
        ];
      }
      case "thread/compact/start":
        return [{ id, result: {} }, turnStarted(turnIdOf(threadId), threadId), ...endOf(threadId)];
      case "thread/goal/set":
        return [
          { id, result: { goal: { ...goalOf("active"), threadId } } },
          notification("thread/goal/updated", { ...goalUpdated("active").params, threadId }),
          turnStarted(turnIdOf(threadId), threadId),
        ];
      case "thread/goal/get":
        return [{ id, result: { goal: { ...goalOf("active"), threadId } } }];
      case "account/login/start": {
        this.#logins += 1;
        const loginId = `login ${this.#logins}`;
        return [{ id, result: { type: "chatgpt", loginId, authUrl: "https://login.test" } }];
      }
      case "thread/list":
      case "model/list":
      case "thread/turns/list":
      case "thread/items/list":
        return [{ id, result: { data: [], nextCursor: null } }];
      case "account/read":
        return [{ id, result: { account: null, requiresOpenaiAuth: false } }];
      default:
        return [{ id, result: {} }];
    }
  }
}

/** The turn that runs on a thread of a fuzzed client. */
export function turnIdOf(threadId: string): string {
  return `turn of ${threadId}`;
}

/** The rest of a turn that has started. */
export function endOf(threadId: string): object[] {
  const turnId = turnIdOf(threadId);
  return [itemCompleted(agentMessage("fine"), turnId, threadId), turnCompleted(turnId, threadId)];
}

function turnFacts(threadId: string) {
  return { threadId, turnId: turnIdOf(threadId) };
}

function threadOf(id: string): object {
  return { id, turns: [], status: { type: "idle" }, ephemeral: false };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [, place = ""] = (error.stack ?? "").split("\n    at ");
  return `${error.name}: ${error.message} (at ${place.replace(/\(.*\/packages\//u, "(")})`;
}
