import { createInterface } from "node:readline";
import { Readable } from "node:stream";

import { LineDecoder } from "../../../packages/codex/dist/transport/lineDecoder.js";
import { medianMs, ms } from "./measure.mjs";

const CHUNK = 64 * 1024;

function chunksOf(text) {
  const bytes = Buffer.from(text);
  const chunks = [];
  for (let at = 0; at < bytes.length; at += CHUNK) chunks.push(bytes.subarray(at, at + CHUNK));
  return chunks;
}

function decode(chunks) {
  const decoder = new LineDecoder();
  let lines = 0;
  for (const chunk of chunks) lines += decoder.push(chunk).length;
  return lines;
}

async function readWithReadline(chunks) {
  let lines = 0;
  for await (const line of createInterface({ input: Readable.from(chunks) }))
    lines += line === "" ? 0 : 1;
  return lines;
}

/** Framing against node:readline, and that a line ten times as long takes about ten times the work. */
export async function benchFraming() {
  const short = chunksOf(`${JSON.stringify({ delta: "word ".repeat(20) })}\n`.repeat(60_000));
  const own = await medianMs(7, () => decode(short));
  const readline = await medianMs(3, () => readWithReadline(short));
  const line = (megabytes) => chunksOf(`"${"x".repeat(megabytes * 1024 * 1024)}"\n`);
  const [small, large] = [line(4), line(40)];
  const smallMs = await medianMs(7, () => decode(small));
  const largeMs = await medianMs(7, () => decode(large));
  return [
    {
      what: "framing: node:readline / ours",
      ratio: readline / own,
      detail: `${ms(readline)} / ${ms(own)}, 60,000 short lines`,
    },
    {
      what: "framing: a 40 MB line / a 4 MB line (10 is linear)",
      ratio: largeMs / smallMs,
      detail: `${ms(largeMs)} / ${ms(smallMs)}`,
    },
  ];
}
