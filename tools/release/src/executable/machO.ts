import type { Cpu, ExecutableHeader } from "./executableHeader.js";

const MAGIC_64 = 0xfeedfacf;
/** Universal files hold several Mach-O files behind a big-endian table. */
const MAGIC_UNIVERSAL = 0xcafebabe;
/** Java class files share the universal magic; their next word is a version, which is higher. */
const MOST_SLICES = 16;
const SLICE_BYTES = 20;
const TYPE_PROGRAM = 2;
const CPU_TYPES: ReadonlyMap<number, Cpu> = new Map([
  [0x01000007, "x64"],
  [0x0100000c, "arm64"],
]);

/** Reads a Mach-O header (macOS), universal or not; null if it is none. */
export function readMachO(bytes: Buffer): ExecutableHeader | null {
  if (bytes.length < 16) return null;
  if (bytes.readUInt32LE(0) === MAGIC_64) {
    const cpu = CPU_TYPES.get(bytes.readUInt32LE(4));
    return header(cpu === undefined ? [] : [cpu], bytes.readUInt32LE(12) === TYPE_PROGRAM);
  }
  const slices = bytes.readUInt32BE(4);
  if (bytes.readUInt32BE(0) !== MAGIC_UNIVERSAL || slices === 0 || slices > MOST_SLICES)
    return null;
  if (bytes.length < 8 + slices * SLICE_BYTES) return null;
  const cpus = Array.from({ length: slices }, (_, slice) =>
    CPU_TYPES.get(bytes.readUInt32BE(8 + slice * SLICE_BYTES)),
  );
  return header(
    cpus.filter((cpu) => cpu !== undefined),
    true,
  );
}

function header(cpus: readonly Cpu[], isProgram: boolean): ExecutableHeader {
  return { format: "Mach-O", os: "darwin", cpus, isProgram };
}
