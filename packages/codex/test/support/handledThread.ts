import { Thread } from "../../src/api/thread.js";
import { ThreadHandlers } from "../../src/api/threadHandlers.js";
import { type StartThreadOptions, toStartParams } from "../../src/api/threadOptions.js";
import type { Codex } from "../../src/index.js";

const handlersByCodex = new WeakMap<Codex, ThreadHandlers>();

/** The handlers of a client's threads: one for each. */
export function handlersOf(codex: Codex): ThreadHandlers {
  const handlers = handlersByCodex.get(codex) ?? new ThreadHandlers(codex.client);
  handlersByCodex.set(codex, handlers);
  return handlers;
}

/** What `codex.startThread` does with `onApproval` and `tools`. */
export async function startHandledThread(
  codex: Codex,
  options: StartThreadOptions,
): Promise<Thread> {
  const handlers = handlersOf(codex);
  const dynamicTools = handlers.toDynamicTools(options.tools);
  const { thread } = await codex.client.request("thread/start", {
    ...toStartParams(options),
    ...(dynamicTools === undefined ? {} : { dynamicTools }),
  });
  handlers.set(thread.id, options);
  return new Thread(
    { client: codex.client, forkThread: (id, fork) => codex.forkThread(id, fork) },
    thread.id,
  );
}
