import type { Environment } from "./environment.js";
import { namesPlatformPackages, pinnedRuntimeVersion } from "./manifest.js";
import { packageLookup, type PackageLookup } from "./packageLookup.js";

/** Machine and installation, as the lookup sees them. Tests pass other machines. */
export interface Host {
  /** As `process.platform`. */
  readonly platform: string;
  /** As `process.arch`. */
  readonly arch: string;
  readonly env: Environment;
  /** Returns the C library, such as `glibc 2.39` or `musl`; `null` on other systems than Linux. Only messages need it. */
  readonly libc: () => string | null;
  /** Version of the runtime that this package accepts. */
  readonly pinnedVersion: string;
  /** `true` if an install of this package brings the runtime: see `namesPlatformPackages`. */
  readonly bringsRuntime: boolean;
  readonly packages: PackageLookup;
}

/**
 * Returns the machine and installation of this process, read again at each call.
 *
 * @throws {CodexCliBinError} if the system cannot read this package's own manifest.
 */
export function thisHost(): Host {
  // A CommonJS bundle has no import.meta.url, whatever its type is, but it has __filename.
  const moduleUrl: string | undefined = import.meta.url;
  const moduleFile = typeof __filename === "string" ? __filename : undefined;
  return {
    platform: process.platform,
    arch: process.arch,
    env: process.env,
    libc: libcOfThisProcess,
    pinnedVersion: pinnedRuntimeVersion(),
    bringsRuntime: namesPlatformPackages(),
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

// A report resolves the host name of every open socket, which can take seconds. The switch against that
// is not in the types of Node 20. Other runtimes than Node may not have reports.
function reportWithoutNetwork(): unknown {
  const report: NodeJS.ProcessReport | undefined = process.report;
  if (report === undefined) {
    return undefined;
  }
  const before: unknown = Reflect.get(report, "excludeNetwork");
  Reflect.set(report, "excludeNetwork", true);
  try {
    return report.getReport();
  } catch {
    // It is needed only to explain, so it must not replace the explanation.
    return undefined;
  } finally {
    Reflect.set(report, "excludeNetwork", before ?? false);
  }
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.getOwnPropertyDescriptor(value, key)?.value
    : undefined;
}
