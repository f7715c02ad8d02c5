/** Statuses with which Windows itself ends a process, and the meaning of each. */
const WINDOWS_STATUSES: ReadonlyMap<number, string> = new Map([
  [0xc0000005, "access violation"],
  [0xc000001d, "illegal instruction, as on a processor of another kind"],
  [0xc000007b, "an image of another architecture"],
  [0xc0000135, "a DLL that the program needs was not found"],
  [0xc000013a, "ended by Ctrl-C or by the end of the console"],
  [0xc0000142, "a DLL could not be initialised"],
  [0xc0000409, "aborted by the program itself"],
]);

const LOWEST_WINDOWS_STATUS = 0xc0000000;

/** Describes how a process ended, with the meaning of a status of Windows, which is a large number. */
export function describeExitStatus(exitCode: number | null, signal: string | null): string {
  if (signal !== null) return `signal ${signal}`;
  if (exitCode === null) return "exit status unknown";
  const status = `exit status ${exitCode}`;
  if (exitCode < LOWEST_WINDOWS_STATUS) return status;
  const hex = `0x${exitCode.toString(16).toUpperCase()}`;
  const meaning = WINDOWS_STATUSES.get(exitCode);
  return `${status}, ${meaning === undefined ? hex : `${hex}: ${meaning}`}`;
}
