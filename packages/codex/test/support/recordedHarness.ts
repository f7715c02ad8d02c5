import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { codexPath } from "@openai/codex-cli-bin";

import { type Harness, type HarnessOptions, startHarness } from "./testingKit.js";

const RECORDER = fileURLToPath(new URL("recordingRuntime.mjs", import.meta.url));

/** One line that passed between the client and the runtime, in the order of the recording. */
export interface RecordedMessage {
  readonly from: "client" | "runtime";
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: unknown;
}

export interface RecordedHarness extends Harness {
  /** Everything that has passed so far. */
  recording(): RecordedMessage[];
  /** The params of every request of this method that the client has sent so far, in order. */
  sent(method: string): unknown[];
}

/** A harness whose runtime is reached through a recorder: it shows what stands on the wire. */
export async function startRecordedHarness(options: HarnessOptions = {}): Promise<RecordedHarness> {
  const folder = await mkdtemp(join(tmpdir(), "codex-recording-"));
  const logFile = join(folder, "wire.log");
  const launchArgs = [
    process.execPath,
    RECORDER,
    logFile,
    codexPath(),
    "app-server",
    "--listen",
    "stdio://",
  ];
  const harness = await startHarness({ ...options, codex: { ...options.codex, launchArgs } });
  const close = async () => {
    await harness.close();
    await rm(folder, { recursive: true, force: true });
  };
  const recording = () => readRecording(logFile);
  return {
    ...harness,
    recording,
    sent: (method) =>
      recording()
        .filter((message) => message.from === "client" && message.method === method)
        .map((message) => message.params),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function readRecording(logFile: string): RecordedMessage[] {
  const lines = readFileSync(logFile, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => ({
    ...JSON.parse(line.slice(1)),
    from: line.startsWith(">") ? "client" : "runtime",
  }));
}
