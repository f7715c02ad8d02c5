// A static import of the manifest: staging stamps the version there and nowhere else, and a bundler
// inlines it, so that the pin is known even where no package folder is left.
import manifest from "../package.json" with { type: "json" };

/**
 * The version of the Codex runtime that this package is made for and accepts. It is this package's own
 * version: the two move in one lane.
 */
export function pinnedRuntimeVersion(): string {
  return manifest.version;
}
