// A static import of the manifest: staging writes the version only there, and a bundler inlines it, so
// that the version is known even where no package folder is left.
import manifest from "../package.json" with { type: "json" };

/**
 * Returns the version of the Codex runtime that this package accepts. It equals the version of this
 * package.
 */
export function pinnedRuntimeVersion(): string {
  return manifest.version;
}

/**
 * Returns whether the manifest names the packages with the executables, as a release adds them. That of
 * a checkout, and of what was packed from one, does not: its install cannot bring the runtime.
 */
export function namesPlatformPackages(): boolean {
  return "optionalDependencies" in manifest;
}
