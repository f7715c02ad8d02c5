import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { hashFile } from "../integrity.js";
import { isRecord, parseJsonObject } from "../json.js";
import { networkCodeOf, networkUnavailable } from "../networkError.js";
import type { Target } from "../platforms.js";
import { ReleaseError } from "../releaseError.js";
import { type RetryPolicy, withRetries } from "../retry.js";
import { systemErrorOf } from "../systemError.js";
import type { CodexVersion } from "../version/codexVersion.js";

/** The repository whose releases carry the runtime. */
const RUNTIME_REPOSITORY = "openai/codex";

const RETRIES: RetryPolicy = { attempts: 3, delayMs: 1_000 };

/** GitHub was reached and could not answer. */
class BusyError extends Error {}

interface Asset {
  readonly name: string;
  readonly url: string;
  readonly digest: string;
}

/**
 * Fetches the Codex package of a release into `folder`, and checks it against the digest that GitHub
 * states. Uses `GH_TOKEN` when it is set, and `GITHUB_API_URL` as GitHub Actions sets it. Returns the
 * path of the archive.
 *
 * @throws ReleaseError `RUNTIME_UNAVAILABLE`, `NETWORK_UNAVAILABLE` or `INVALID_PACKAGE`.
 */
export async function fetchFromGithub(
  target: Target,
  version: CodexVersion,
  folder: string,
): Promise<string> {
  const asset = await findAsset(target, version);
  const file = join(folder, asset.name);
  await get(asset.url, "application/octet-stream", async (response) => {
    if (!response.ok || response.body === null) {
      throw new ReleaseError(
        "RUNTIME_UNAVAILABLE",
        `GitHub answered ${response.status} to the download of ${asset.name}.`,
      );
    }
    await pipeline(Readable.from(response.body), createWriteStream(file));
  });
  const digest = `sha256:${(await hashFile(file, "sha256")).toString("hex")}`;
  if (digest !== asset.digest) {
    throw new ReleaseError(
      "INVALID_PACKAGE",
      `${asset.name} of ${version.tag} has the digest ${digest}, but GitHub states ${asset.digest}. Do not use it.`,
    );
  }
  return file;
}

async function findAsset(target: Target, version: CodexVersion): Promise<Asset> {
  const api = process.env["GITHUB_API_URL"] ?? "https://api.github.com";
  const url = `${api}/repos/${RUNTIME_REPOSITORY}/releases/tags/${version.tag}`;
  const release = await get(url, "application/vnd.github+json", async (response) => {
    if (response.status === 404) {
      throw new ReleaseError(
        "RUNTIME_UNAVAILABLE",
        `${RUNTIME_REPOSITORY} has no release ${version.tag}.`,
      );
    }
    if (!response.ok) {
      const isLimited = [401, 403, 429].includes(response.status);
      const hint = isLimited ? " Set GH_TOKEN to a valid token." : "";
      throw new ReleaseError(
        "RUNTIME_UNAVAILABLE",
        `GitHub answered ${response.status} for the release ${version.tag}.${hint}`,
      );
    }
    return parseJsonObject(await response.text(), url);
  });
  const assets = Array.isArray(release["assets"]) ? release["assets"].filter(isRecord) : [];
  const name = `codex-package-${target.triple}.tar.gz`;
  const found = assets.find((asset) => asset["name"] === name);
  if (found === undefined) {
    const names = assets.map((asset) => String(asset["name"])).join(", ") || "none";
    throw new ReleaseError(
      "RUNTIME_UNAVAILABLE",
      `The release ${version.tag} has no ${name}. Its assets: ${names}.`,
    );
  }
  const { url: download, digest } = found;
  if (typeof download !== "string" || typeof digest !== "string" || !digest.startsWith("sha256:")) {
    throw new ReleaseError(
      "INVALID_PACKAGE",
      `GitHub states no SHA-256 digest for ${name} of ${version.tag}, so it cannot be verified.`,
    );
  }
  return { name, url: download, digest };
}

/** Sends a request and reads its answer, again after a fault of the network or of GitHub. */
async function get<T>(
  url: string,
  accept: string,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  const isRetryable = (error: unknown): boolean =>
    error instanceof BusyError || networkCodeOf(error) !== null;
  try {
    return await withRetries(RETRIES, isRetryable, async (attempt) => {
      const response = await request(url, accept);
      const isBusy = response.status >= 500 || response.status === 429;
      // The last answer is for the caller to explain.
      if (isBusy && attempt < RETRIES.attempts) throw new BusyError();
      return read(response);
    });
  } catch (cause) {
    throw cause instanceof ReleaseError ? cause : toNetworkError(cause, url);
  }
}

async function request(url: string, accept: string): Promise<Response> {
  const token = process.env["GH_TOKEN"];
  const send = async (headers: Record<string, string>): Promise<Response> =>
    // On a redirect to another host, fetch leaves the token behind.
    fetch(url, { headers: { accept, "user-agent": "codex-release", ...headers } });
  if (token === undefined || token === "") return send({});
  const response = await send({ authorization: `Bearer ${token}` });
  // Releases are public: a token that has expired must not be in the way.
  return response.status === 401 ? send({}) : response;
}

function toNetworkError(cause: unknown, what: string): ReleaseError {
  // A full disk ends a download, too.
  const systemError = networkCodeOf(cause) === null ? systemErrorOf(cause) : null;
  if (systemError !== null) return systemError;
  const code = networkCodeOf(cause) ?? (cause instanceof Error ? cause.message : String(cause));
  return networkUnavailable(what, code, cause);
}
