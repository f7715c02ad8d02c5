import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { Target } from "../../src/platforms.js";

/**
 * A small executable of the platform's own format. The Linux x64 one is a real program, which prints
 * `codex-cli <version>`; the others are valid headers alone.
 */
export function standInExecutable(target: Pick<Target, "os" | "cpu">, version: string): Buffer {
  switch (target.os) {
    case "linux":
      return target.cpu === "x64" ? printingElf(`codex-cli ${version}\n`) : elfHeader(183);
    case "darwin":
      return machO(target.cpu === "x64" ? 0x01000007 : 0x0100000c);
    case "win32":
      return pe(target.cpu === "x64" ? 0x8664 : 0xaa64);
  }
}

/** Writes an unpacked Codex package with stand-in executables; returns its folder. */
export async function writeCodexPackage(
  folder: string,
  target: Target,
  version: string,
  overrides: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const suffix = target.os === "win32" ? ".exe" : "";
  const description = {
    layoutVersion: 1,
    version,
    target: target.triple,
    variant: "codex",
    entrypoint: `bin/codex${suffix}`,
    resourcesDir: "codex-resources",
    pathDir: "codex-path",
    ...overrides,
  };
  const program = standInExecutable(target, version);
  for (const path of [`bin/codex${suffix}`, `codex-path/rg${suffix}`]) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), program);
    await chmod(join(folder, path), 0o755);
  }
  await writeFile(join(folder, "codex-package.json"), JSON.stringify(description));
  return folder;
}

const ELF_HEADER = 64;
const PROGRAM_HEADER = 56;
const LOAD_ADDRESS = 0x400000;

/** An ELF header of a machine, without any content. */
export function elfHeader(machine: number, type = 2): Buffer {
  const header = Buffer.alloc(ELF_HEADER + PROGRAM_HEADER);
  header.write("\x7fELF", "latin1");
  header.set([2, 1, 1], 4);
  header.writeUInt16LE(type, 16);
  header.writeUInt16LE(machine, 18);
  header.writeUInt32LE(1, 20);
  header.writeBigUInt64LE(BigInt(LOAD_ADDRESS + ELF_HEADER + PROGRAM_HEADER), 24);
  header.writeBigUInt64LE(BigInt(ELF_HEADER), 32);
  header.writeUInt16LE(ELF_HEADER, 52);
  header.writeUInt16LE(PROGRAM_HEADER, 54);
  header.writeUInt16LE(1, 56);
  return header;
}

/** A static Linux x64 program of two system calls: write(1, text), exit(0). */
function printingElf(text: string): Buffer {
  const header = elfHeader(62);
  const bytes = Buffer.from(text);
  const code = Buffer.from([
    184,
    1,
    0,
    0,
    0,
    191,
    1,
    0,
    0,
    0,
    72,
    141,
    53,
    16,
    0,
    0,
    0,
    186,
    bytes.length,
    0,
    0,
    0,
    15,
    5,
    184,
    60,
    0,
    0,
    0,
    49,
    255,
    15,
    5,
  ]);
  const size = BigInt(header.length + code.length + bytes.length);
  header.writeUInt32LE(1, ELF_HEADER); // a segment to load
  header.writeUInt32LE(5, ELF_HEADER + 4); // readable and executable
  header.writeBigUInt64LE(BigInt(LOAD_ADDRESS), ELF_HEADER + 16);
  header.writeBigUInt64LE(BigInt(LOAD_ADDRESS), ELF_HEADER + 24);
  header.writeBigUInt64LE(size, ELF_HEADER + 32);
  header.writeBigUInt64LE(size, ELF_HEADER + 40);
  header.writeBigUInt64LE(0x1000n, ELF_HEADER + 48);
  return Buffer.concat([header, code, bytes]);
}

/** A Mach-O header of a CPU type. */
export function machO(cpuType: number, fileType = 2): Buffer {
  const header = Buffer.alloc(32);
  header.writeUInt32LE(0xfeedfacf, 0);
  header.writeUInt32LE(cpuType, 4);
  header.writeUInt32LE(fileType, 12);
  return header;
}

/** A universal Mach-O header for several CPU types. */
export function universalMachO(cpuTypes: readonly number[]): Buffer {
  const header = Buffer.alloc(8 + 20 * cpuTypes.length);
  header.writeUInt32BE(0xcafebabe, 0);
  header.writeUInt32BE(cpuTypes.length, 4);
  for (const [index, cpuType] of cpuTypes.entries()) header.writeUInt32BE(cpuType, 8 + 20 * index);
  return header;
}

/** A PE header of a machine, behind an MS-DOS stub. */
export function pe(machine: number, characteristics = 0x0022): Buffer {
  const header = Buffer.alloc(256);
  header.write("MZ", "latin1");
  header.writeUInt32LE(128, 0x3c);
  header.write("PE\0\0", 128, "latin1");
  header.writeUInt16LE(machine, 132);
  header.writeUInt16LE(characteristics, 150);
  return header;
}
