import { pinnedRuntimeVersion } from "./manifest.js";
import { packageLookup, type PackageLookup } from "./packageLookup.js";

/** All that the lookup asks of its surroundings. Tests hand in other machines. */
export interface Host {
  /** As `process.platform`. */
  readonly platform: string;
  /** As `process.arch`. */
  readonly arch: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The C library, such as `glibc 2.39` or `musl`; `null` off Linux. Asked for only to explain. */
  readonly libc: () => string | null;
  /** The version of the runtime that is wanted. */
  readonly pinnedVersion: string;
  readonly packages: PackageLookup;
}

/** This process's machine and installation, read anew at each call. */
export function thisHost(): Host {
  // A bundle to CommonJS has no import.meta.url, whatever its type says, but it has __filename.
  const moduleUrl: string | undefined = import.meta.url;
  const moduleFile = typeof __filename === "string" ? __filename : undefined;
  return {
    platform: process.platform,
    arch: process.arch,
    env: process.env,
    libc: libcOfThisProcess,
    pinnedVersion: pinnedRuntimeVersion(),
    packages: packageLookup(moduleUrl, moduleFile),
  };
}

function libcOfThisProcess(): string | null {
  if (process.platform !== "linux") {
    return null;
  }
  const header = memberOf(reportWithoutNetwork(), "header");
  const glibc = memberOf(header, "glibcVersionRuntime");
  if (typeof glibc === "string") {
    return `glibc ${glibc}`;
  }
  return header === undefined ? null : "musl";
}

// A report looks up the name of every open socket's peer, which can take seconds; the switch against
// that is not in the types of Node 20. Some runtimes that stand in for Node have no reports.
function reportWithoutNetwork(): unknown {
  const report: NodeJS.ProcessReport | undefined = process.report;
  if (report === undefined) {
    return undefined;
  }
  const before: unknown = Reflect.get(report, "excludeNetwork");
  Reflect.set(report, "excludeNetwork", true);
  try {
    return report.getReport();
  } finally {
    Reflect.set(report, "excludeNetwork", before ?? false);
  }
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.getOwnPropertyDescriptor(value, key)?.value
    : undefined;
}
