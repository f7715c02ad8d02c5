import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { isRecord, parseJsonObject } from "../json.js";
import { networkCodeOf } from "../networkError.js";
import { ReleaseError } from "../releaseError.js";
import { type RetryPolicy, withRetries } from "./retry.js";

/** One version of a package in a registry. */
export interface PublishedVersion {
  readonly integrity: string;
  readonly tarball: string;
  /** Names of the commands in `bin`. */
  readonly commands: readonly string[];
  /** Names of all dependencies, optional ones included. */
  readonly dependencies: readonly string[];
}

/** A package in a registry; empty if there is none of that name. */
export interface PublishedPackage {
  readonly versions: ReadonlyMap<string, PublishedVersion>;
  readonly distTags: ReadonlyMap<string, string>;
}

/** The registry was reached and could not answer: a fault of its own, or too many requests. */
class BusyRegistryError extends Error {
  constructor(status: number) {
    super(`it answered ${status}`);
  }
}

/** Reads from one npm registry. Answers are never taken from a cache. */
export class Registry {
  readonly url: URL;
  readonly #retries: RetryPolicy;

  constructor(url: string, retries: RetryPolicy) {
    this.url = parseRegistryUrl(url);
    this.#retries = retries;
  }

  /** True if the registry is on this machine. */
  get isLoopback(): boolean {
    const { hostname } = this.url;
    return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
  }

  /**
   * Reads the versions and dist-tags of the package `name`.
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

  /** Reads `repository.url` in the manifest of a published version; null if it has none. */
  async readRepository(name: string, version: string): Promise<string | null> {
    const url = new URL(`${name.replace("/", "%2f")}/${version}`, this.url);
    const response = await this.#fetch(url, {});
    if (!response.ok) return null;
    const { repository } = parseJsonObject(await response.text(), url.href);
    const source = isRecord(repository) ? repository["url"] : repository;
    return typeof source === "string" ? source : null;
  }

  /** Downloads a version's tarball and returns its integrity; null while the registry does not have it. */
  async fetchIntegrity({ tarball }: PublishedVersion): Promise<string | null> {
    const response = await this.#fetch(new URL(tarball), {
      // A tarball is compressed already; fetch takes minutes to undo a second compression of a large one.
      headers: { "accept-encoding": "identity", "cache-control": "no-cache" },
    });
    if (!response.ok || response.body === null) return null;
    const hash = createHash("sha512");
    await pipeline(Readable.from(response.body), hash);
    return `sha512-${hash.digest("base64")}`;
  }

  async #fetch(url: URL, init: RequestInit): Promise<Response> {
    const isRetryable = (error: unknown): boolean =>
      error instanceof BusyRegistryError || networkCodeOf(error) !== null;
    try {
      return await withRetries(this.#retries, isRetryable, async () => {
        const response = await fetch(url, init);
        // Reading changes nothing, so any fault of the server may be tried again.
        if (response.status < 500 && response.status !== 429) return response;
        throw new BusyRegistryError(response.status);
      });
    } catch (cause) {
      throw new ReleaseError(
        "PUBLISH_FAILED",
        `Could not read from the registry (${url.href}): ${networkCodeOf(cause) ?? (cause instanceof Error ? cause.message : String(cause))}. Check the connection and run the command again: it continues where it stopped.`,
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
    const { dist, bin, dependencies, optionalDependencies } = recordOf(manifest);
    const { integrity, tarball } = recordOf(dist);
    if (typeof tarball !== "string") continue;
    versions.set(version, {
      integrity: String(integrity),
      tarball,
      commands: Object.keys(recordOf(bin)),
      dependencies: [dependencies, optionalDependencies].flatMap((each) =>
        Object.keys(recordOf(each)),
      ),
    });
  }
  const distTags = Object.entries(recordOf(packument["dist-tags"]));
  return { versions, distTags: new Map(distTags.map(([tag, version]) => [tag, String(version)])) };
}

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
