import type { Cpu, ExecutableHeader } from "./executableHeader.js";

/** The first 32 bytes: identification, file type, machine, version, entry point. */
const HEADER_LENGTH = 32;
const CLASS_64 = 2;
const LITTLE_ENDIAN = 1;
/** Linux programs have the general number 0 or that of Linux. Other systems, such as FreeBSD, have their own. */
const LINUX_ABIS: ReadonlySet<number | undefined> = new Set([0, 3]);
const TYPE_EXECUTABLE = 2;
/** Position-independent programs have the type of libraries. Unlike a library they have an entry point. */
const TYPE_DYNAMIC = 3;
const MACHINES: ReadonlyMap<number, Cpu> = new Map([
  [62, "x64"],
  [183, "arm64"],
]);

/** Reads an ELF header (Linux); null if it is none. */
export function readElf(bytes: Buffer): ExecutableHeader | null {
  if (bytes.length < HEADER_LENGTH || bytes.toString("latin1", 0, 4) !== "\x7fELF") return null;
  const isOurs = bytes[4] === CLASS_64 && bytes[5] === LITTLE_ENDIAN && LINUX_ABIS.has(bytes[7]);
  const hasEntryPoint = bytes.readBigUInt64LE(24) !== 0n;
  const type = bytes.readUInt16LE(16);
  const cpu = isOurs ? MACHINES.get(bytes.readUInt16LE(18)) : undefined;
  return {
    format: "ELF",
    os: "linux",
    cpus: cpu === undefined ? [] : [cpu],
    isProgram: type === TYPE_EXECUTABLE || (type === TYPE_DYNAMIC && hasEntryPoint),
  };
}
