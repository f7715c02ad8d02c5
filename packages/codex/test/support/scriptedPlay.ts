import { LinkedRuntime } from "./linkedRuntime.js";

/** Messages that answer a request in one chunk: `"$id"` is the id of the request, `"exit"` ends the runtime. */
export type ScriptedAnswer = readonly (object | "exit")[];

/**
 * Makes a runtime in this process that answers the requests of each method one after the other: the first
 * list of a method answers its first request, and so on; the last one answers all that follow. Methods
 * that are not in the script are answered with `{}`.
 */
export function scriptedRuntime(
  script: Readonly<Record<string, readonly ScriptedAnswer[]>>,
): LinkedRuntime {
  const counts = new Map<string, number>();
  const runtime = new LinkedRuntime(({ id, method }, send) => {
    if (id === undefined || method === undefined) return;
    const count = counts.get(method) ?? 0;
    counts.set(method, count + 1);
    const answers = script[method] ?? [[{ id: "$id", result: {} }]];
    const messages = answers[Math.min(count, answers.length - 1)] ?? [];
    send(...messages.flatMap((message) => (message === "exit" ? [] : [withId(message, id)])));
    if (messages.includes("exit")) runtime.exit(3);
  });
  return runtime;
}

function withId(message: object, id: unknown): object {
  return Reflect.get(message, "id") === "$id" ? { ...message, id } : message;
}
