import type { ServerNotification } from "@openai/codex-types";

import type { Codex } from "../../src/index.js";

interface Waiter {
  readonly method: string;
  resolve(notification: ServerNotification): void;
  reject(reason: unknown): void;
}

/** Reads `codex.notifications()` from now on, and lets a test wait for one of them. */
export class NotificationLog {
  readonly #received: ServerNotification[] = [];
  readonly #waiters: Waiter[] = [];

  private constructor() {}

  static follow(codex: Codex): NotificationLog {
    const log = new NotificationLog();
    void log.#read(codex.notifications());
    return log;
  }

  /** Returns the notifications so far under this method, without the time of sending. */
  paramsOf(method: string): unknown[] {
    return this.#received.filter((one) => one.method === method).map(({ params }) => params);
  }

  /** The first notification of this method, come or to come. */
  first(method: string): Promise<ServerNotification> {
    const received = this.#received.find((one) => one.method === method);
    if (received !== undefined) return Promise.resolve(received);
    return new Promise((resolve, reject) => this.#waiters.push({ method, resolve, reject }));
  }

  async #read(notifications: AsyncIterable<ServerNotification>): Promise<void> {
    try {
      for await (const notification of notifications) {
        this.#received.push(notification);
        for (const waiter of this.#waiters) {
          if (waiter.method === notification.method) waiter.resolve(notification);
        }
      }
    } catch (error) {
      for (const waiter of this.#waiters) waiter.reject(error);
    }
  }
}
