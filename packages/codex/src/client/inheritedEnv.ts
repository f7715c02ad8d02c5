/** Variables that programs need to run, on any system. */
const BASE: ReadonlySet<string> = new Set([
  "PATH",
  "HOME",
  "SHELL",
  "USER",
  "LOGNAME",
  "TMPDIR",
  "TEMP",
  "TMP",
  "TERM",
  "TZ",
  "LANG",
  "LANGUAGE",
  "XDG_CONFIG_HOME",
  "XDG_DATA_HOME",
  "XDG_CACHE_HOME",
  "XDG_RUNTIME_DIR",
  "CODEX_HOME",
  "CODEX_CA_CERTIFICATE",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
]);

/** Variables that programs need to run on Windows. */
const WINDOWS_BASE: ReadonlySet<string> = new Set([
  "ALLUSERSPROFILE",
  "APPDATA",
  "COMMONPROGRAMFILES",
  "COMPUTERNAME",
  "COMSPEC",
  "HOMEDRIVE",
  "HOMEPATH",
  "LOCALAPPDATA",
  "NUMBER_OF_PROCESSORS",
  "OS",
  "PATHEXT",
  "PROCESSOR_ARCHITECTURE",
  "PROGRAMDATA",
  "PROGRAMFILES",
  "PROGRAMFILES(X86)",
  "PROGRAMW6432",
  "PUBLIC",
  "SYSTEMDRIVE",
  "SYSTEMROOT",
  "USERDOMAIN",
  "USERNAME",
  "USERPROFILE",
  "WINDIR",
]);

/**
 * Returns the variables of `base` that the runtime takes over: all (`true`), the base set (`false`), or
 * the base set and those named. Windows has names without letter case.
 */
export function inheritedEnv(
  base: NodeJS.ProcessEnv,
  inheritEnv: boolean | readonly string[],
  platform: NodeJS.Platform = process.platform,
): NodeJS.ProcessEnv {
  if (inheritEnv === true) return base;
  const isWindows = platform === "win32";
  const keyOf = (name: string) => (isWindows ? name.toUpperCase() : name);
  const named = new Set((inheritEnv === false ? [] : inheritEnv).map(keyOf));
  const isKept = (name: string) =>
    BASE.has(name) || name.startsWith("LC_") || (isWindows && WINDOWS_BASE.has(name));
  const entries = Object.entries(base).filter(([name]) => {
    const key = keyOf(name);
    return isKept(key) || named.has(key);
  });
  return Object.fromEntries(entries);
}
