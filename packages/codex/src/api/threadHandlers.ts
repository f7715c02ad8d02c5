import type { DynamicToolCallParams, DynamicToolSpec } from "@openai/codex-types";

import type { RuntimeClient } from "../client/runtimeClient.js";
import { InvalidOptionError } from "../errors.js";
import { setBounded } from "../internal/boundedMap.js";
import { isObject } from "../internal/isObject.js";
import { checkFunction, readGiven } from "../internal/validate.js";
import type { Observers } from "../router/observers.js";
import { threadIdOf } from "../router/routingKeys.js";
import type { ServerRequestContext } from "../router/serverRequestRouter.js";
import { ENDING_METHODS } from "../router/threadEvents.js";
import type { RequestMessage } from "../rpc/message.js";
import { toAnswer } from "./approvals/approvalAnswers.js";
import type { ApprovalHandler } from "./approvals/approvals.js";
import { PendingFileChanges } from "./approvals/pendingFileChanges.js";
import { APPROVAL_METHODS, toApprovalRequest } from "./approvals/wireApproval.js";
import { OpenToolCalls } from "./tools/openToolCalls.js";
import { checkToolNamesDiffer } from "./tools/toolNames.js";
import type { AnyTool } from "./tools/tools.js";
import { traceApproval, traceToolCall } from "./traceHandlers.js";

/** Defaults of a client for the handlers of its threads. */
export interface HandlerDefaults {
  readonly onApproval?: ApprovalHandler | undefined;
  readonly tools?: readonly AnyTool[] | undefined;
}

/** Options of a thread that decide about the handlers of the runtime's requests. */
export interface ThreadHandlerOptions extends HandlerDefaults {
  readonly approvalMode?: unknown;
}

/** Number of unloaded threads whose handlers are kept. The oldest are dropped first. */
const MAX_UNLOADED = 1000;

interface Entry {
  readonly onApproval: ApprovalHandler | undefined;
  readonly tools: ReadonlyMap<string, AnyTool>;
  /** Names of the tools that the runtime offers to the model; `undefined` where that is not known. */
  readonly offered: ReadonlySet<string> | undefined;
}

/**
 * Brings the runtime's requests to the approval handler and the tools of their thread. What has none
 * there is passed on to the client's other handlers, and refused in the end.
 */
export class ThreadHandlers {
  readonly #entries = new Map<string, Entry>();
  /** Handlers of threads that were unloaded or archived, for the next resume. */
  readonly #unloaded = new Map<string, Entry>();
  readonly #fileChanges = new PendingFileChanges();
  readonly #runtime: RuntimeClient;
  readonly #toolCalls: OpenToolCalls;
  readonly #canUseTools: boolean;
  readonly #defaults: HandlerDefaults;

  /** @throws InvalidOptionError for defaults that cannot work. */
  constructor(runtime: RuntimeClient, defaults: HandlerDefaults = {}) {
    this.#runtime = runtime;
    this.#defaults = defaults;
    this.#canUseTools = runtime.options.experimentalApi ?? true;
    this.#toolCalls = new OpenToolCalls(runtime.serverRequests);
    for (const method of APPROVAL_METHODS) {
      runtime.serverRequests.add("thread", method, (request, context) =>
        this.#approve(request, context),
      );
    }
    runtime.serverRequests.add("thread", "item/tool/call", (request, context) =>
      this.#callTool(request, context),
    );
    this.#observe(runtime.router.observers);
    runtime.gauges.set("threadHandlers", () => this.#entries.size);
    runtime.gauges.set("unloadedHandlers", () => this.#unloaded.size);
    runtime.gauges.set("openToolCalls", () => this.#toolCalls.size);
    runtime.gauges.set("pendingFileChanges", () => this.#fileChanges.size);
    if (defaults.onApproval !== undefined) checkFunction("onApproval", defaults.onApproval);
    this.toDynamicTools(defaults.tools);
  }

  /** Adds the defaults of the client to the options of a new thread, where it does not bring its own. */
  withDefaults<Options extends ThreadHandlerOptions>(options: Options): Options {
    // What is not an object is refused where the options are checked.
    if (!isObject(options)) return options;
    const { onApproval, tools } = this.#defaults;
    const isDecided = options.onApproval !== undefined || options.approvalMode !== undefined;
    return {
      ...options,
      ...(isDecided || onApproval === undefined ? {} : { onApproval }),
      ...(options.tools !== undefined || tools === undefined ? {} : { tools }),
    };
  }

  /**
   * The tools as the wire has them, for `thread/start`; `undefined` when there are none.
   *
   * @throws InvalidOptionError for what `tool()` has not made, for two of one name, and without the
   * experimental API.
   */
  toDynamicTools(tools: readonly AnyTool[] | undefined): DynamicToolSpec[] | undefined {
    if (tools === undefined) return undefined;
    if (!readGiven("tools", () => Array.isArray(tools) && tools.every(isTool))) {
      throw new InvalidOptionError("tools", "expected a list of what tool() has made.");
    }
    if (tools.length === 0) return undefined;
    if (!this.#canUseTools) {
      throw new InvalidOptionError(
        "tools",
        "need the runtime's experimental API, which experimentalApi: false turns off; leave that option out of new Codex().",
      );
    }
    checkToolNamesDiffer(tools);
    return tools.map(({ name, description, inputSchema }) => ({
      type: "function",
      name,
      description,
      inputSchema,
    }));
  }

  /**
   * Checks the tools of a resumed or forked thread: the runtime offers those of the thread's start and
   * ignores others.
   *
   * @throws InvalidOptionError for a tool that the thread does not have, where this client knows its tools.
   */
  checkRebound(threadId: string, tools: readonly AnyTool[] | undefined): void {
    this.toDynamicTools(tools);
    const offered = this.#entryOf(threadId)?.offered;
    const added = tools?.find(({ name }) => offered?.has(name) === false);
    if (added === undefined) return;
    throw new InvalidOptionError(
      "tools",
      `the thread ${threadId} was started without the tool ${JSON.stringify(added.name)}, and the runtime adds none later; start a thread with it.`,
    );
  }

  /** Sets the handlers of a new thread, in the tick of its response. */
  start(threadId: string, { onApproval, tools = [] }: ThreadHandlerOptions): void {
    this.#entries.set(threadId, {
      onApproval,
      tools: byName(tools),
      offered: new Set(tools.map(({ name }) => name)),
    });
  }

  /**
   * Sets the handlers of a resumed or forked thread. An omitted one is kept, also from before the thread
   * was unloaded, or taken from `sourceThreadId`, the source of the fork, or from the client's defaults. An approval mode takes the
   * place of a handler.
   */
  rebind(threadId: string, options: ThreadHandlerOptions, sourceThreadId?: string): void {
    const before = this.#entryOf(threadId) ?? this.#entryOf(sourceThreadId ?? "");
    this.#unloaded.delete(threadId);
    const kept = before === undefined ? this.#defaults : before;
    const inherited = options.approvalMode === undefined ? kept.onApproval : undefined;
    const onApproval = options.onApproval ?? inherited;
    const tools =
      options.tools === undefined
        ? (before?.tools ?? byName(this.#defaults.tools ?? []))
        : byName(options.tools);
    const offered = before?.offered;
    if (onApproval === undefined && tools.size === 0 && offered === undefined) {
      this.#entries.delete(threadId);
    } else this.#entries.set(threadId, { onApproval, tools, offered });
  }

  async #approve(message: RequestMessage, context: ServerRequestContext): Promise<unknown> {
    const handler = this.#approverOf(threadIdOf(message.params));
    if (handler === undefined) return undefined;
    const request = toApprovalRequest(message, (...of) => this.#fileChanges.find(...of));
    const { answer } = await traceApproval(request, context.signal, async () => {
      const decision = await handler(request, context);
      return { decision, answer: toAnswer(request, decision) };
    });
    return answer;
  }

  /** A sub-agent's thread that has no handler of its own asks the one that it works for. */
  #approverOf(threadId: string | undefined): ApprovalHandler | undefined {
    if (threadId === undefined) return undefined;
    const own = this.#entries.get(threadId)?.onApproval;
    return own ?? this.#entries.get(this.#runtime.subAgents.ownerOf(threadId) ?? "")?.onApproval;
  }

  async #callTool(message: RequestMessage, { signal }: ServerRequestContext): Promise<unknown> {
    // The router hands over `item/tool/call` alone, and the protocol ties the params to the method.
    const params = message.params as DynamicToolCallParams;
    const { threadId, turnId, callId, tool: name, arguments: input } = params;
    // Runtimes before namespaces (0.116, 0.120) leave the member out.
    const namespace: string | null | undefined = params.namespace;
    if (typeof namespace === "string") return undefined;
    const tool = this.#entries.get(threadId)?.tools.get(name);
    if (tool === undefined) return undefined;
    const close = this.#toolCalls.open(message.id, { threadId, callId });
    try {
      const call = { callId, threadId, turnId };
      return await traceToolCall({ tool: name, ...call }, signal, async () =>
        tool.call(input, { signal, ...call }),
      );
    } finally {
      close();
    }
  }

  #observe(observers: Observers): void {
    this.#toolCalls.observe(observers);
    // Without a handler there is nobody to inform, and nothing to remember.
    this.#fileChanges.observe(observers, () => this.#entries.size > 0);
    observers.add(ENDING_METHODS, ({ method, params }) =>
      this.#end(threadIdOf(params) ?? "", method === "thread/deleted"),
    );
  }

  #entryOf(threadId: string): Entry | undefined {
    return this.#entries.get(threadId) ?? this.#unloaded.get(threadId);
  }

  #end(threadId: string, isDeleted: boolean): void {
    const entry = this.#entries.get(threadId);
    this.#entries.delete(threadId);
    if (isDeleted) this.#unloaded.delete(threadId);
    else if (entry !== undefined) setBounded(this.#unloaded, threadId, entry, MAX_UNLOADED);
  }
}

function byName(tools: readonly AnyTool[]): ReadonlyMap<string, AnyTool> {
  return new Map(tools.map((tool) => [tool.name, tool]));
}

function isTool(value: AnyTool | null | undefined): value is AnyTool {
  return typeof value?.name === "string" && typeof value.call === "function";
}
