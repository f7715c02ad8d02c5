import type { Cpu, ExecutableHeader } from "./executableHeader.js";

/** The first 20 bytes: identification, file type, machine. */
const HEADER_LENGTH = 20;
const CLASS_64 = 2;
const LITTLE_ENDIAN = 1;
const TYPE_EXECUTABLE = 2;
/** Position-independent programs have the type of shared objects. */
const TYPE_DYNAMIC = 3;
const MACHINES: ReadonlyMap<number, Cpu> = new Map([
  [62, "x64"],
  [183, "arm64"],
]);

/** Reads an ELF header (Linux); null if it is none. */
export function readElf(bytes: Buffer): ExecutableHeader | null {
  if (bytes.length < HEADER_LENGTH || bytes.toString("latin1", 0, 4) !== "\x7fELF") return null;
  const isOurs = bytes[4] === CLASS_64 && bytes[5] === LITTLE_ENDIAN;
  const type = bytes.readUInt16LE(16);
  const cpu = isOurs ? MACHINES.get(bytes.readUInt16LE(18)) : undefined;
  return {
    format: "ELF",
    os: "linux",
    cpus: cpu === undefined ? [] : [cpu],
    isProgram: type === TYPE_EXECUTABLE || type === TYPE_DYNAMIC,
  };
}
