import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { treeBytes } from "./treeBytes.js";
import type { Measures, WorkerReply, WorkerRequest } from "./workload.js";

const WORKER = fileURLToPath(new URL("./worker.js", import.meta.url));
const SAMPLE_MS = 100;

/** Measurement and its number of repetitions. */
export interface Comparison {
  readonly workload: string;
  readonly args?: readonly string[];
  /** The first one is the SDK. */
  readonly parties: readonly string[];
  /** Measured rounds of each party. */
  readonly rounds: number;
  /** Rounds before the measured ones. @default 1 */
  readonly warmUp?: number;
  /** True if the peak memory of the party's process tree is sampled, as `treeBytes`. @default false */
  readonly sampleTree?: boolean;
}

/** Medians of a party by the measure's name. */
export type Medians = Readonly<Record<string, number>>;

/**
 * Measures parties turn about, each in a process of its own, and returns the medians of each. The order
 * changes from round to round, so that a slow phase of the machine meets all parties alike.
 */
export async function interleave(comparison: Comparison): Promise<ReadonlyMap<string, Medians>> {
  const { workload, args = [], parties, rounds, warmUp = 1, sampleTree = false } = comparison;
  const workers: Worker[] = [];
  const rows = new Map<string, Measures[]>(parties.map((party) => [party, []]));
  try {
    for (const party of parties) {
      // One after the other: preparing may take all of the machine.
      // oxlint-disable-next-line no-await-in-loop
      workers.push(await Worker.start(party, [workload, party, ...args]));
    }
    for (let round = -warmUp; round < rounds; round += 1) {
      for (const worker of round % 2 === 0 ? workers : workers.toReversed()) {
        // oxlint-disable-next-line no-await-in-loop
        const measures = await worker.round(sampleTree);
        if (round >= 0) rows.get(worker.party)?.push(measures);
      }
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.close()));
  }
  return new Map([...rows].map(([party, measured]) => [party, mediansOf(measured)]));
}

/** Returns the median of each measure. */
export function mediansOf(measured: readonly Measures[]): Medians {
  const names = Object.keys(measured[0] ?? {});
  return Object.fromEntries(
    names.map((name) => [name, median(measured.map((measures) => measures[name] ?? Number.NaN))]),
  );
}

/** Returns the median, the lower one of two. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}

class Worker {
  readonly party: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  private constructor(party: string, child: ChildProcess) {
    this.party = party;
    this.#child = child;
    this.#exited = once(child, "exit");
  }

  static async start(party: string, args: readonly string[]): Promise<Worker> {
    const child = fork(WORKER, args, { execArgv: ["--expose-gc"], stdio: ["ignore", 2, 2, "ipc"] });
    const worker = new Worker(party, child);
    await worker.#reply("ready");
    return worker;
  }

  async round(sampleTree: boolean): Promise<Measures> {
    const reply = this.#ask("round");
    if (!sampleTree) return reply;
    const sampler = new AbortController();
    const peak = this.#peakBytes(sampler.signal);
    const measures = await reply.finally(() => sampler.abort());
    return { ...measures, treeBytes: await peak };
  }

  async close(): Promise<void> {
    if (this.#child.connected) this.#send("close");
    await this.#exited;
  }

  async #ask(request: WorkerRequest): Promise<Measures> {
    this.#send(request);
    const reply = await this.#reply("round");
    return reply.kind === "round" ? reply.measures : {};
  }

  #send(request: WorkerRequest): void {
    this.#child.send(request);
  }

  async #reply(kind: WorkerReply["kind"]): Promise<WorkerReply> {
    const gone = this.#exited.then(() => {
      throw new Error(`The worker of ${this.party} has exited.`);
    });
    // SAFETY: worker.ts sends nothing but WorkerReply.
    const [reply] = (await Promise.race([once(this.#child, "message"), gone])) as [WorkerReply];
    if (reply.kind === kind) return reply;
    throw new Error(reply.kind === "error" ? `${this.party}: ${reply.message}` : reply.kind);
  }

  async #peakBytes(signal: AbortSignal): Promise<number> {
    let peak = 0;
    while (!signal.aborted) {
      peak = Math.max(peak, treeBytes(this.#child.pid ?? 0));
      // oxlint-disable-next-line no-await-in-loop
      await setTimeout(SAMPLE_MS, undefined, { signal }).catch(() => undefined);
    }
    return peak;
  }
}
