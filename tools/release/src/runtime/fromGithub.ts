import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { hashFile } from "../integrity.js";
import { isRecord, parseJsonObject } from "../json.js";
import { networkCodeOf, networkUnavailable } from "../networkError.js";
import type { Target } from "../platforms.js";
import { ReleaseError } from "../releaseError.js";
import { systemErrorOf } from "../systemError.js";
import type { CodexVersion } from "../version/codexVersion.js";

/** The repository whose releases carry the runtime. */
const RUNTIME_REPOSITORY = "openai/codex";

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
  const response = await get(asset.url, "application/octet-stream");
  if (!response.ok || response.body === null) {
    throw new ReleaseError(
      "RUNTIME_UNAVAILABLE",
      `GitHub answered ${response.status} to the download of ${asset.name}.`,
    );
  }
  try {
    await pipeline(Readable.from(response.body), createWriteStream(file));
  } catch (cause) {
    throw toNetworkError(cause, asset.name);
  }
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
  const response = await get(url, "application/vnd.github+json");
  if (response.status === 404) {
    throw new ReleaseError(
      "RUNTIME_UNAVAILABLE",
      `${RUNTIME_REPOSITORY} has no release ${version.tag}.`,
    );
  }
  if (!response.ok) {
    const hint = [401, 403, 429].includes(response.status) ? " Set GH_TOKEN to a valid token." : "";
    throw new ReleaseError(
      "RUNTIME_UNAVAILABLE",
      `GitHub answered ${response.status} for the release ${version.tag}.${hint}`,
    );
  }
  const release = parseJsonObject(await response.text(), url);
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

async function get(url: string, accept: string): Promise<Response> {
  const token = process.env["GH_TOKEN"];
  const request = async (headers: Record<string, string>): Promise<Response> =>
    // On a redirect to another host, fetch leaves the token behind.
    fetch(url, { headers: { accept, "user-agent": "codex-release", ...headers } });
  try {
    if (token === undefined || token === "") return await request({});
    const response = await request({ authorization: `Bearer ${token}` });
    // Releases are public: a token that has expired must not be in the way.
    return response.status === 401 ? await request({}) : response;
  } catch (cause) {
    throw toNetworkError(cause, url);
  }
}

function toNetworkError(cause: unknown, what: string): ReleaseError {
  // A full disk ends a download, too.
  const systemError = networkCodeOf(cause) === null ? systemErrorOf(cause) : null;
  if (systemError !== null) return systemError;
  const code = networkCodeOf(cause) ?? (cause instanceof Error ? cause.message : String(cause));
  return networkUnavailable(what, code, cause);
}
