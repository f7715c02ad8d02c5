import { isRecord, parseJsonObject } from "../json.js";
import { isGatewayStatus, networkCodeOf } from "../networkError.js";
import { ReleaseError } from "../releaseError.js";
import { type RetryPolicy, withRetries } from "./retry.js";

/** What a registry has of one version. */
export interface PublishedVersion {
  readonly integrity: string;
  readonly tarball: string;
}

/** What a registry has of a package; empty if it knows none of that name. */
export interface PublishedPackage {
  readonly versions: ReadonlyMap<string, PublishedVersion>;
  readonly distTags: ReadonlyMap<string, string>;
}

/** Reads from one npm registry. Answers are never taken from a cache. */
export class Registry {
  readonly url: URL;
  readonly #retries: RetryPolicy;

  constructor(url: string, retries: RetryPolicy) {
    this.url = parseRegistryUrl(url);
    this.#retries = retries;
  }

  /** Whether the registry is on this machine. */
  get isLoopback(): boolean {
    const { hostname } = this.url;
    return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
  }

  /**
   * What the registry has of the package `name`.
   *
   * @throws ReleaseError `PUBLISH_FAILED` if it does not answer, or not with a package.
   */
  async read(name: string): Promise<PublishedPackage> {
    const url = new URL(name.replace("/", "%2f"), this.url);
    const response = await this.#fetch(url, {
      // The short form holds all that is needed here; the long one is megabytes for old packages.
      headers: { accept: "application/vnd.npm.install-v1+json", "cache-control": "no-cache" },
    });
    if (response.status === 404) return { versions: new Map(), distTags: new Map() };
    if (!response.ok) {
      throw new ReleaseError(
        "PUBLISH_FAILED",
        `The registry answered ${response.status} for ${name} (${url.href}).`,
      );
    }
    return toPackage(parseJsonObject(await response.text(), url.href));
  }

  /** Whether a version's tarball can be fetched. */
  async hasTarball({ tarball }: PublishedVersion): Promise<boolean> {
    const response = await this.#fetch(new URL(tarball), { method: "HEAD" });
    return response.ok;
  }

  async #fetch(url: URL, init: RequestInit): Promise<Response> {
    const isRetryable = (error: unknown): boolean => networkCodeOf(error) !== null;
    try {
      return await withRetries(this.#retries, isRetryable, async () => {
        const response = await fetch(url, init);
        if (!isGatewayStatus(response.status)) return response;
        throw Object.assign(new Error(`status ${response.status}`), {
          code: `E${response.status}`,
        });
      });
    } catch (cause) {
      throw new ReleaseError(
        "PUBLISH_FAILED",
        `Could not read from the registry (${url.href}): ${networkCodeOf(cause) ?? String(cause)}. Check the connection and run the command again: it goes on where it stopped.`,
        { cause },
      );
    }
  }
}

function parseRegistryUrl(url: string): URL {
  const withSlash = url.endsWith("/") ? url : `${url}/`;
  if (!URL.canParse(withSlash) || !/^https?:/.test(withSlash)) {
    throw new ReleaseError(
      "INVALID_ARGUMENT",
      `${JSON.stringify(url)} is not the URL of a registry.`,
    );
  }
  return new URL(withSlash);
}

function toPackage(packument: Record<string, unknown>): PublishedPackage {
  const versions = new Map<string, PublishedVersion>();
  for (const [version, manifest] of Object.entries(recordOf(packument["versions"]))) {
    const { integrity, tarball } = recordOf(recordOf(manifest)["dist"]);
    if (typeof tarball === "string")
      versions.set(version, { integrity: String(integrity), tarball });
  }
  const distTags = Object.entries(recordOf(packument["dist-tags"]));
  return { versions, distTags: new Map(distTags.map(([tag, version]) => [tag, String(version)])) };
}

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
