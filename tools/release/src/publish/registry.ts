import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { isRecord } from "../json.js";
import { networkCodeOf } from "../networkError.js";
import { ReleaseError } from "../releaseError.js";
import { type RetryPolicy, withRetries } from "../retry.js";

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
    // The short form holds all that is needed here; the long one is megabytes for old packages.
    const accept = "application/vnd.npm.install-v1+json";
    const packument = await this.#readJson(url, { accept });
    return packument === null
      ? { versions: new Map(), distTags: new Map() }
      : toPackage(packument, name, url);
  }

  /**
   * Reads `repository.url` in the manifest of a published version; null if it has none.
   *
   * @throws ReleaseError `PUBLISH_FAILED`
   */
  async readRepository(name: string, version: string): Promise<string | null> {
    const url = new URL(`${name.replace("/", "%2f")}/${version}`, this.url);
    const { repository } = (await this.#readJson(url, {})) ?? {};
    const source = isRecord(repository) ? repository["url"] : repository;
    return typeof source === "string" ? source : null;
  }

  /** Downloads a version's tarball and returns its integrity; null while the registry does not have it. */
  async fetchIntegrity({ tarball }: PublishedVersion): Promise<string | null> {
    // A tarball is compressed already; fetch takes minutes to undo a second compression of a large one.
    return this.#fetch(new URL(tarball), { "accept-encoding": "identity" }, async (response) => {
      if (!response.ok || response.body === null) return null;
      const hash = createHash("sha512");
      await pipeline(Readable.from(response.body), hash);
      return `sha512-${hash.digest("base64")}`;
    });
  }

  /** Reads a JSON object; null if the registry has nothing at `url`. */
  async #readJson(
    url: URL,
    headers: Readonly<Record<string, string>>,
  ): Promise<Record<string, unknown> | null> {
    return this.#fetch(url, headers, async (response) => {
      if (response.status === 404) return null;
      if (!response.ok) throw unreadable(url, `the registry answered ${response.status}`);
      const text = await response.text();
      try {
        const value: unknown = JSON.parse(text);
        if (isRecord(value)) return value;
      } catch (cause) {
        throw unreadable(url, "the answer is not JSON", cause);
      }
      throw unreadable(url, "the answer is not a JSON object");
    });
  }

  /** Sends a request and reads its answer to the end, again after a fault of the network or the registry. */
  async #fetch<T>(
    url: URL,
    headers: Readonly<Record<string, string>>,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const isRetryable = (error: unknown): boolean =>
      error instanceof BusyRegistryError || networkCodeOf(error) !== null;
    try {
      return await withRetries(this.#retries, isRetryable, async () => {
        const response = await fetch(url, { headers: { "cache-control": "no-cache", ...headers } });
        // Reading changes nothing, so any fault of the server may be tried again.
        if (response.status < 500 && response.status !== 429) return read(response);
        throw new BusyRegistryError(response.status);
      });
    } catch (cause) {
      if (cause instanceof ReleaseError) throw cause;
      throw new ReleaseError(
        "PUBLISH_FAILED",
        `Could not read from the registry (${url.href}): ${networkCodeOf(cause) ?? innermostMessage(cause)}. Check the connection and run the command again: it continues where it stopped.`,
        { cause },
      );
    }
  }
}

/** `fetch` hides the reason of a failure behind "fetch failed". */
function innermostMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? innermostMessage(error.cause) : error.message;
}

function unreadable(url: URL, problem: string, cause?: unknown): ReleaseError {
  return new ReleaseError(
    "PUBLISH_FAILED",
    `Could not read from the registry (${url.href}): ${problem}. Check --registry: a proxy or a sign-in page may answer in its place, and a registry that asks readers for a login is not supported.`,
    cause === undefined ? undefined : { cause },
  );
}

/** The messages never show the URL where it may have a password. */
function parseRegistryUrl(text: string): URL {
  const refuse = (problem: string): ReleaseError => new ReleaseError("INVALID_ARGUMENT", problem);
  if (!/^https?:/i.test(text) || !URL.canParse(text)) {
    const shown = text.includes("@") ? "The value of --registry" : JSON.stringify(text);
    throw refuse(`${shown} is not the URL of a registry: it must start with https:// or http://.`);
  }
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    throw refuse(
      "The URL of the registry has a user name or password, which logs would show. Write the login into an .npmrc file, and leave it out of --registry.",
    );
  }
  if (url.search !== "" || url.hash !== "") {
    throw refuse(`${JSON.stringify(text)} has a query or a fragment; a registry is a plain URL.`);
  }
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

function toPackage(packument: Record<string, unknown>, name: string, url: URL): PublishedPackage {
  // A package of which every version was unpublished has a date in their place.
  const isUnpublished = "unpublished" in recordOf(packument["time"]);
  if (packument["name"] !== name || !(isRecord(packument["versions"]) || isUnpublished)) {
    throw unreadable(url, `the answer is not the package ${name}`);
  }
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
