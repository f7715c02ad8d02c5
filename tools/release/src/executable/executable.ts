import { open } from "node:fs/promises";

import { readElf } from "./elf.js";
import type { ExecutableHeader } from "./executableHeader.js";
import { readMachO } from "./machO.js";
import { readPe } from "./pe.js";

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
