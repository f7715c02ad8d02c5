import { open } from "node:fs/promises";

import { readElf } from "./elf.js";
import { readMachO } from "./machO.js";
import { readPe } from "./pe.js";

/** The processor architectures that Codex is built for, in Node's words. */
export type Cpu = "arm64" | "x64";

/** What the header of an executable file says. */
export interface ExecutableHeader {
  readonly format: "ELF" | "Mach-O" | "PE";
  /** Node's name of the operating system that runs this format. */
  readonly os: "darwin" | "linux" | "win32";
  /** One for most files, several for a universal Mach-O; empty if none is known to us. */
  readonly cpus: readonly Cpu[];
  /** False for a library or an object file. */
  readonly isProgram: boolean;
}

/** Enough for every header that is read here: PE puts its own after a stub of some hundred bytes. */
const HEADER_BYTES = 4096;

/** Reads the header of the file at `path`: null if it has none of the three executable formats. */
export async function readExecutableHeader(path: string): Promise<ExecutableHeader | null> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    return parseExecutableHeader(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

/** Like {@link readExecutableHeader}, for bytes in memory. */
export function parseExecutableHeader(bytes: Buffer): ExecutableHeader | null {
  return readElf(bytes) ?? readMachO(bytes) ?? readPe(bytes);
}
