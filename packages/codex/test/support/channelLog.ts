import { subscribe, tracingChannel, unsubscribe } from "node:diagnostics_channel";

import { CODEX_CHANNELS } from "../../src/tracing/channels.js";

/** One message of a channel of the SDK. */
export interface Published {
  /** Name of the operation and of its step, such as `turn asyncEnd`, or of the event. */
  readonly at: string;
  readonly trace: Record<string, unknown>;
}

const STEPS = ["start", "end", "asyncStart", "asyncEnd", "error"] as const;

/** Keeps all that the SDK publishes, until it is disposed of. */
export class ChannelLog implements Disposable {
  readonly all: Published[] = [];
  readonly #stops: (() => void)[] = [];

  constructor(keys = Object.keys(CODEX_CHANNELS) as (keyof typeof CODEX_CHANNELS)[]) {
    for (const key of keys) {
      const name = CODEX_CHANNELS[key];
      if (key === "notification" || key === "close") this.#listen(name, key);
      else {
        const channels = tracingChannel(name);
        for (const step of STEPS) this.#listen(channels[step].name, `${key} ${step}`);
      }
    }
  }

  /** The traces of one step or event. */
  at(at: string): Record<string, unknown>[] {
    return this.all.filter((one) => one.at === at).map(({ trace }) => trace);
  }

  /** The steps of one operation, in order. */
  stepsOf(key: string): string[] {
    return this.all.flatMap(({ at }) => (at.startsWith(`${key} `) ? [at.split(" ")[1] ?? ""] : []));
  }

  [Symbol.dispose](): void {
    for (const stop of this.#stops) stop();
  }

  #listen(name: string | symbol, at: string): void {
    const listener = (trace: unknown) => {
      // SAFETY: every message of the SDK is an object.
      this.all.push({ at, trace: trace as Record<string, unknown> });
    };
    subscribe(name, listener);
    this.#stops.push(() => unsubscribe(name, listener));
  }
}

/** Runs a function and returns the errors that it left uncaught by the end of the next turn of the event loop. */
export async function uncaughtIn(body: () => Promise<void>): Promise<unknown[]> {
  const errors: unknown[] = [];
  const others = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (error) => errors.push(error));
  try {
    await body();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.removeAllListeners("uncaughtException");
    for (const listener of others) process.on("uncaughtException", listener);
  }
  return errors;
}
