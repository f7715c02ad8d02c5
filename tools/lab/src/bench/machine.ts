import { arch, cpus, loadavg, release, totalmem, type } from "node:os";

import { CODEX_VERSION } from "@openai/codex";

import { RIVALS } from "./rivals.js";

/** Facts of the machine and the versions of all parties. */
export function machineFacts(): Readonly<Record<string, string>> {
  const rivals = Object.values(RIVALS).map(({ name, version }) => [name, version] as const);
  return {
    machine: `${cpus().length} x ${cpus()[0]?.model ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${type()} ${release()} ${arch()}`,
    load: loadavg()
      .map((value) => value.toFixed(1))
      .join(" "),
    node: process.version,
    "@openai/codex and runtime": CODEX_VERSION,
    ...Object.fromEntries(rivals),
  };
}
