import { Codex } from "@openai/codex";

import { BareClient } from "../bareClient.js";
import { floodServer, READY, readySignal } from "../floodServer.js";
import type { StartWorkload } from "../workload.js";

const MIB = 1024 * 1024;

/** Lines of a round by their name: size of a line, number of lines, size of the chunks of the pipe. */
const SHAPES: Readonly<Record<string, { bytes: number; lines: number; chunkBytes: number }>> = {
  large: { bytes: 64 * MIB, lines: 1, chunkBytes: 64 * 1024 },
  small: { bytes: 4 * MIB, lines: 16, chunkBytes: 64 * 1024 },
  pieces: { bytes: MIB, lines: 16, chunkBytes: 4 * 1024 },
};

/** Receives large lines. A party is `sdk` or `bare`, a dot and the shape. */
export const startLines: StartWorkload = async (party) => {
  const [who, shapeName = ""] = party.split(".");
  const shape = SHAPES[shapeName];
  if (shape === undefined) throw new Error(`There are no lines ${shapeName}.`);
  const { lines, ...params } = shape;
  const command = floodServer(1, 1);
  const client = who === "bare" ? await bareRequests(command) : await sdkRequests(command);
  const round = async () => {
    let ms = 0;
    for (let line = 0; line < lines; line += 1) {
      const ready = client.ready();
      // oxlint-disable-next-line no-await-in-loop
      await client.request("bench/line", params);
      // oxlint-disable-next-line no-await-in-loop
      ms += performance.now() - (await ready);
    }
    return { ms };
  };
  return { round, close: client.close };
};

interface Requests {
  /** Resolves to the time at which the fake has prepared the next line. */
  ready(): Promise<number>;
  request(method: string, params: unknown): Promise<unknown>;
  close(): Promise<void>;
}

async function bareRequests(command: [string, ...string[]]): Promise<Requests> {
  const client = new BareClient({ command });
  await client.start();
  return {
    ready: () =>
      new Promise((resolve) => {
        client.onNotification = ({ method }) => {
          if (method === READY) resolve(performance.now());
        };
      }),
    request: (method, params) => client.request(method, params),
    close: () => client.close(),
  };
}

async function sdkRequests(command: [string, ...string[]]): Promise<Requests> {
  const codex = new Codex({ launchArgs: command });
  await codex.start();
  return {
    ready: () => readySignal(codex),
    request: (method, params) => codex.client.request(method, params),
    close: () => codex.close(),
  };
}
