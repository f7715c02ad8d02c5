/** The processor architectures that Codex is built for, in Node's words. */
export type Cpu = "arm64" | "x64";

/** The facts in the header of an executable file. */
export interface ExecutableHeader {
  readonly format: "ELF" | "Mach-O" | "PE";
  /** Node's name of the operating system that runs this format. */
  readonly os: "darwin" | "linux" | "win32";
  /** One for most files, several for a universal Mach-O; empty if none is known to us. */
  readonly cpus: readonly Cpu[];
  /** False for a library or an object file. */
  readonly isProgram: boolean;
}
