import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

// Any fixed port that nothing else uses; who listens on it holds the lock, and a holder that dies frees it.
const LOCK_PORT = 14_551;

/**
 * Lets one test at a time, in all processes of this machine, run the browser login: its callback port is
 * fixed, and a runtime that starts such a login sends `GET /cancel` to whoever holds that port.
 */
export class BrowserLoginLock implements AsyncDisposable {
  readonly #server: Server;
  readonly #waiting: Set<Socket>;

  private constructor(server: Server, waiting: Set<Socket>) {
    this.#server = server;
    this.#waiting = waiting;
  }

  static async acquire(): Promise<BrowserLoginLock> {
    for (;;) {
      // oxlint-disable no-await-in-loop
      const lock = await BrowserLoginLock.#tryListen();
      if (lock !== undefined) return lock;
      await holderGone();
      // oxlint-enable no-await-in-loop
    }
  }

  static #tryListen(): Promise<BrowserLoginLock | undefined> {
    const waiting = new Set<Socket>();
    const server = createServer((socket) => {
      waiting.add(socket);
      socket.on("error", () => {});
      socket.once("close", () => waiting.delete(socket));
    });
    return new Promise((resolve, reject) => {
      server.once("error", (error: NodeJS.ErrnoException) => {
        if (error.code === "EADDRINUSE") resolve(undefined);
        else reject(error);
      });
      server.listen(LOCK_PORT, "127.0.0.1", () => resolve(new BrowserLoginLock(server, waiting)));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#waiting) socket.destroy();
    await closed;
  }
}

/** Stays connected to the holder until it lets go; a holder that is gone already refuses, which is as good. */
async function holderGone(): Promise<void> {
  const socket = connect(LOCK_PORT, "127.0.0.1");
  socket.on("error", () => {});
  socket.resume();
  await new Promise<void>((resolve) => socket.once("close", () => resolve()));
}
