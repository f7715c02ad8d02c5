import type { Cpu, ExecutableHeader } from "./executableHeader.js";

/** Offset of the field in the MS-DOS stub that holds the offset of the PE header. */
const OFFSET_FIELD = 0x3c;
const CHARACTERISTIC_EXECUTABLE = 0x0002;
const CHARACTERISTIC_LIBRARY = 0x2000;
const MACHINES: ReadonlyMap<number, Cpu> = new Map([
  [0x8664, "x64"],
  [0xaa64, "arm64"],
]);

/** Reads a PE header (Windows); null if it is none. */
export function readPe(bytes: Buffer): ExecutableHeader | null {
  if (bytes.length < OFFSET_FIELD + 4 || bytes.toString("latin1", 0, 2) !== "MZ") return null;
  const offset = bytes.readUInt32LE(OFFSET_FIELD);
  if (offset + 24 > bytes.length || bytes.toString("latin1", offset, offset + 4) !== "PE\0\0") {
    return null;
  }
  const cpu = MACHINES.get(bytes.readUInt16LE(offset + 4));
  const characteristics = bytes.readUInt16LE(offset + 22);
  return {
    format: "PE",
    os: "win32",
    cpus: cpu === undefined ? [] : [cpu],
    isProgram:
      (characteristics & CHARACTERISTIC_EXECUTABLE) !== 0 &&
      (characteristics & CHARACTERISTIC_LIBRARY) === 0,
  };
}
