import { closeSync, existsSync, openSync, readSync } from "node:fs";

const ELF = 0x7f454c46;
const ELF_MACHINES: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };
const ELF_64_BIT = 2;
const ELF_HEADER_SIZE = 64;
const PROGRAM_HEADER_SIZE = 56;
/** Type of the program header that names the loader of a dynamically linked program. */
const PT_INTERP = 3;
const MACH_O_64 = 0xcffaedfe;
const MACH_O_CPUS: Readonly<Record<string, number>> = { x64: 0x01000007, arm64: 0x0100000c };

/**
 * Returns whether `file` is a native program for the processor `arch` (as `process.arch`), and its loader
 * exists. `process.execve` aborts Node if the system refuses the file, so scripts, programs for other
 * processors and programs linked for another libc must not get there.
 */
export function isNativeExecutable(file: string, arch: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch {
    return false;
  }
  try {
    const header = read(descriptor, 0, ELF_HEADER_SIZE);
    switch (header.readUInt32BE(0)) {
      case ELF:
        return header.readUInt16LE(18) === ELF_MACHINES[arch] && hasLoader(descriptor, header);
      case MACH_O_64:
        return header.readUInt32LE(4) === MACH_O_CPUS[arch];
      default:
        return false;
    }
  } catch {
    return false;
  } finally {
    closeSync(descriptor);
  }
}

/** Returns whether the loader of an ELF program exists; a static program needs none. */
function hasLoader(descriptor: number, header: Buffer): boolean {
  if (header.readUInt8(4) !== ELF_64_BIT) return false;
  const offset = Number(header.readBigUInt64LE(32));
  const count = header.readUInt16LE(56);
  for (let index = 0; index < count; index += 1) {
    const entry = read(descriptor, offset + index * PROGRAM_HEADER_SIZE, PROGRAM_HEADER_SIZE);
    if (entry.readUInt32LE(0) !== PT_INTERP) continue;
    const path = read(
      descriptor,
      Number(entry.readBigUInt64LE(8)),
      Number(entry.readBigUInt64LE(32)),
    );
    return existsSync(path.toString("utf8").replace(/\0+$/, ""));
  }
  return true;
}

/** Longest piece that is read; the path of a loader has at most 4,096 bytes. */
const MAX_READ = 4096;

function read(descriptor: number, position: number, size: number): Buffer {
  if (size > MAX_READ) throw new RangeError("not a sound program header");
  const bytes = Buffer.alloc(size);
  if (readSync(descriptor, bytes, 0, size, position) < size) throw new RangeError("file too short");
  return bytes;
}
