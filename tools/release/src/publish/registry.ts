import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { isRecord } from "../json.js";
import { networkCodeOf } from "../networkError.js";
import { ReleaseError } from "../releaseError.js";
import { type RetryPolicy, withRetries } from "../retry.js";

/** Time limit for one answer that is not a tarball, in milliseconds. */
const ANSWER_WITHIN_MS = 60_000;

/** One version of a package in a registry. */
export interface PublishedVersion {
  /** The hashes that the registry states, in npm's form; empty if it states none. */
  readonly integrity: string;
  readonly tarball: string;
  /** `repository.url` in its manifest; null if it has none. */
  readonly repository: string | null;
  /** Names of the commands in `bin`. */
  readonly commands: readonly string[];
  /** Names of all dependencies, optional ones included. */
  readonly dependencies: readonly string[];
}

/** A package in a registry; empty if there is none of that name. */
export interface PublishedPackage {
  readonly versions: ReadonlyMap<string, PublishedVersion>;
  readonly distTags: ReadonlyMap<string, string>;
  /** Versions that were unpublished: a registry does not take a version a second time. */
  readonly unpublished: ReadonlySet<string>;
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
  readonly #answerWithinMs: number;

  constructor(url: string, retries: RetryPolicy, answerWithinMs = ANSWER_WITHIN_MS) {
    this.url = parseRegistryUrl(url);
    this.#retries = retries;
    this.#answerWithinMs = answerWithinMs;
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
    // The long form: the short one has neither the repositories nor the versions that were unpublished.
    const packument = await this.#readJson(url);
    return packument === null
      ? { versions: new Map(), distTags: new Map(), unpublished: new Set() }
      : toPackage(packument, name, url);
  }

  /** Downloads a version's tarball and returns its integrity; null while the registry does not have it. */
  async fetchIntegrity({ tarball }: PublishedVersion): Promise<string | null> {
    // A tarball is compressed already; fetch takes minutes to undo a second compression of a large one.
    const headers = { "accept-encoding": "identity" };
    return this.#fetch(new URL(tarball), { headers }, async (response) => {
      if (!response.ok || response.body === null) return null;
      const hash = createHash("sha512");
      await pipeline(Readable.from(response.body), hash);
      return `sha512-${hash.digest("base64")}`;
    });
  }

  /** Reads a JSON object; null if the registry has nothing at `url`. */
  async #readJson(url: URL): Promise<Record<string, unknown> | null> {
    const options = { headers: { accept: "application/json" }, withinMs: this.#answerWithinMs };
    return this.#fetch(url, options, async (response) => {
      // A proxy, or any other web server, answers 404 with a page. A registry answers with JSON.
      if (!response.ok && response.status !== 404) {
        throw unreadable(url, `the registry answered ${response.status}`);
      }
      const value = parseAnswer(await response.text(), url, response.status);
      return response.status === 404 ? null : value;
    });
  }

  /** Sends a request and reads its answer to the end, again after a fault of the network or the registry. */
  async #fetch<T>(
    url: URL,
    { headers, withinMs }: { readonly headers: Record<string, string>; readonly withinMs?: number },
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const isRetryable = (error: unknown): boolean =>
      error instanceof BusyRegistryError || isTimeout(error) || networkCodeOf(error) !== null;
    try {
      return await withRetries(this.#retries, isRetryable, async () => {
        const response = await fetch(url, {
          headers: { "cache-control": "no-cache", ...headers },
          ...(withinMs === undefined ? {} : { signal: AbortSignal.timeout(withinMs) }),
        });
        // Reading changes nothing, so any fault of the server may be tried again.
        if (response.status < 500 && response.status !== 429) return await read(response);
        throw new BusyRegistryError(response.status);
      });
    } catch (cause) {
      if (cause instanceof ReleaseError) throw cause;
      const problem = isTimeout(cause)
        ? `no whole answer within ${(withinMs ?? 0) / 1000} s`
        : (networkCodeOf(cause) ?? innermostMessage(cause));
      throw new ReleaseError(
        "PUBLISH_FAILED",
        `Could not read from the registry (${url.href}): ${problem}. Check the connection and run the command again: it continues where it stopped.`,
        { cause },
      );
    }
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === "TimeoutError";
}

function parseAnswer(text: string, url: URL, status: number): Record<string, unknown> {
  const answer = status === 404 ? "the answer 404" : "the answer";
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch (cause) {
    throw unreadable(url, `${answer} is not JSON`, cause);
  }
  throw unreadable(url, `${answer} is not a JSON object`);
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

/**
 * Parses the URL of a registry. The messages never show the URL where it may have a password.
 *
 * @throws ReleaseError `INVALID_ARGUMENT`
 */
export function parseRegistryUrl(text: string): URL {
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
  const time = recordOf(packument["time"]);
  // A package of which every version was unpublished has a date in their place.
  const withdrawal = recordOf(time["unpublished"]);
  const isUnpublished = "unpublished" in time;
  if (packument["name"] !== name || !(isRecord(packument["versions"]) || isUnpublished)) {
    throw unreadable(url, `the answer is not the package ${name}`);
  }
  const versions = new Map<string, PublishedVersion>();
  for (const [version, manifest] of Object.entries(recordOf(packument["versions"]))) {
    const { dist, bin, dependencies, optionalDependencies, repository } = recordOf(manifest);
    const { integrity, tarball } = recordOf(dist);
    if (typeof tarball !== "string") continue;
    const source = isRecord(repository) ? repository["url"] : repository;
    versions.set(version, {
      integrity: typeof integrity === "string" ? integrity : "",
      tarball,
      repository: typeof source === "string" ? source : null,
      commands: Object.keys(recordOf(bin)),
      dependencies: [dependencies, optionalDependencies].flatMap((each) =>
        Object.keys(recordOf(each)),
      ),
    });
  }
  const { versions: withdrawn } = withdrawal;
  const dated = [...Object.keys(time), ...(Array.isArray(withdrawn) ? withdrawn.map(String) : [])];
  const distTags = Object.entries(recordOf(packument["dist-tags"]));
  return {
    versions,
    distTags: new Map(distTags.map(([tag, version]) => [tag, String(version)])),
    unpublished: new Set(dated.filter((version) => !versions.has(version))),
  };
}

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
