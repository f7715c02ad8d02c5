import type { WireMessage } from "./fakeAppServer.js";
import { goalOf, goalUpdated } from "./goalMessages.js";
import { LinkedRuntime, type Send } from "./linkedRuntime.js";
import { agentMessage, delta, itemCompleted, turn, turnCompleted, turnStarted } from "./wire.js";

/** Turns that end with the response to a request of the runtime, by the id of the request. */
type OpenApprovals = Map<unknown, { readonly threadId: string; readonly turnId: string }>;

/**
 * A runtime for many turns: ends each turn as the text of its input asks (`end`, `approve`, `patch`,
 * `tool`, or not at all), and leaves the requests of the method `never` without a response until
 * `answerLate()`.
 */
export class BusyRuntime extends LinkedRuntime {
  readonly #approvals: OpenApprovals = new Map();
  #unanswered: unknown[] = [];
  #count = 0;

  constructor() {
    super((message, send) => this.#play(message, send));
  }

  /** Responds to the requests that were left without a response. */
  answerLate(): void {
    this.send(...this.#unanswered.map((id) => ({ id, result: {} })));
    this.#unanswered = [];
  }

  #play(message: WireMessage, send: Send): void {
    // A log of every message would hide the growth of the client.
    this.received.length = 0;
    const { id, method } = message;
    const params: Readonly<Record<string, unknown>> = Object(message.params);
    const threadId = String(params["threadId"]);
    switch (method) {
      case undefined: {
        const open = this.#approvals.get(id);
        this.#approvals.delete(id);
        if (open !== undefined) send(turnCompleted(open.turnId, open.threadId));
        break;
      }
      case "never":
        this.#unanswered.push(id);
        break;
      case "thread/start":
        this.#count += 1;
        send({ id, result: { thread: { id: `thread-${this.#count}`, turns: [] }, model: "m" } });
        break;
      case "thread/delete":
        send({ method: "thread/deleted", params: { threadId } }, { id, result: {} });
        break;
      case "command/exec":
        send(tick("none"), { id, result: { exitCode: 0, stdout: "", stderr: "" } });
        break;
      case "thread/unsubscribe":
        send({ id, result: { status: "unsubscribed" } });
        send({ method: "thread/closed", params: { threadId } });
        break;
      case "thread/resume": {
        // The turn of an active thread is looked up.
        const status = { type: threadId === "active" ? "active" : "idle" };
        send({ id, result: { thread: { id: threadId, status, turns: [] }, model: "m" } });
        break;
      }
      case "thread/turns/list":
        send(tick(threadId), { id, result: { data: [] } });
        break;
      case "thread/settings/update":
        send(tick(threadId), { id, result: {} });
        break;
      case "turn/start":
        this.#startTurn(id, threadId, JSON.stringify(params["input"]), send);
        break;
      case "turn/interrupt":
        send({ id, result: {} }, turnCompleted(String(params["turnId"]), threadId, "interrupted"));
        break;
      case "thread/compact/start": {
        const turnId = this.#newTurn();
        send({ id, result: {} }, tick(threadId));
        send(turnStarted(turnId, threadId), turnCompleted(turnId, threadId));
        break;
      }
      case "account/login/start":
        send({ id, result: { type: "chatgpt", loginId: "login-1", authUrl: "http://a/" } });
        break;
      case "account/login/cancel":
        send(
          { id, result: { status: "canceled" } },
          {
            method: "account/login/completed",
            params: { loginId: "login-1", success: false, error: "cancelled" },
          },
        );
        break;
      case "thread/goal/set": {
        const turnId = this.#newTurn();
        const inThread = (one: object) =>
          JSON.parse(JSON.stringify(one).replaceAll('"thread-1"', JSON.stringify(threadId)));
        send({ id, result: { goal: { ...goalOf("active"), threadId } } });
        send(inThread(goalUpdated("active")), turnStarted(turnId, threadId));
        setImmediate(() =>
          send(inThread(goalUpdated("complete", turnId)), turnCompleted(turnId, threadId)),
        );
        break;
      }
      default:
        send({ id, result: {} });
    }
  }

  #startTurn(id: unknown, threadId: string, input: string, send: Send): void {
    const turnId = this.#newTurn();
    const started = turnStarted(turnId, threadId);
    const ofTurn = { threadId, turnId };
    const ask = (method: string, params: object) => {
      this.#approvals.set(turnId, ofTurn);
      return { id: turnId, method, params: { ...ofTurn, ...params } };
    };
    const fileChange = { type: "fileChange", id: "item-2", changes: [], status: "inProgress" };
    // The start of every second turn comes before the response.
    const answer = { id, result: { turn: turn(turnId, "inProgress") } };
    if (this.#count % 2 === 0) send(answer, started);
    else send(started, tick(threadId), answer);
    if (input.includes("approve")) {
      send(ask("item/commandExecution/requestApproval", { itemId: "item-1", command: "ls" }));
    } else if (input.includes("patch")) {
      send({ method: "item/started", params: { ...ofTurn, item: fileChange } });
      send(ask("item/fileChange/requestApproval", { itemId: "item-2" }));
    } else if (input.includes("tool")) {
      send(ask("item/tool/call", { callId: "call-1", tool: "look", arguments: {} }));
    } else if (input.includes("end")) {
      const error = { message: "x", codexErrorInfo: null, additionalDetails: null };
      send(
        { method: "error", params: { ...ofTurn, willRetry: false, error } },
        tick(threadId),
        delta("x".repeat(200), turnId, threadId),
        itemCompleted(agentMessage("x".repeat(1000)), turnId, threadId),
        turnCompleted(turnId, threadId),
      );
    }
  }

  #newTurn(): string {
    this.#count += 1;
    return `turn-${this.#count}`;
  }
}

/** A notification at which a test looks at the client. */
function tick(threadId: string) {
  return { method: "thread/name/updated", params: { threadId, threadName: "x" } };
}
