import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { integrityOf, statesIntegrity } from "../integrity.js";
import { parseJson, parseJsonObject } from "../json.js";
import { networkUnavailable, isNetworkCode, npmErrorCode } from "../networkError.js";
import type { Target } from "../platforms.js";
import { ReleaseError } from "../releaseError.js";
import { npmCommand, reasonIn, runCommand } from "../runCommand.js";
import type { CodexVersion } from "../version/codexVersion.js";

/** The published command-line tool: its platform builds are versions of it with a suffix. */
const PUBLISHED_NAME = "@openai/codex";

/**
 * Fetches the published platform package of a version into `folder`, and checks it against the
 * integrity that the registry states. Returns the path of the tarball.
 *
 * @throws ReleaseError `RUNTIME_UNAVAILABLE` if it is not published, `NETWORK_UNAVAILABLE`, or
 * `INVALID_PACKAGE` if its content is not what the registry states.
 */
export async function fetchFromNpm(
  target: Target,
  version: CodexVersion,
  folder: string,
  registry?: string,
): Promise<string> {
  const spec = `${PUBLISHED_NAME}@${version.npm}-${target.id}`;
  const from =
    registry === undefined ? [] : [`--registry=${registry}`, `--@openai:registry=${registry}`];
  const dist = parseJsonObject(
    await npm(["view", spec, "dist", "--json", ...from], spec),
    `npm view ${spec}`,
  );
  await npm(["pack", spec, "--json", "--pack-destination", folder, ...from], spec);
  const [file, ...others] = (await readdir(folder)).filter((name) => name.endsWith(".tgz"));
  if (file === undefined || others.length > 0) {
    throw new ReleaseError(
      "COMMAND_FAILED",
      `npm pack ${spec} did not leave one tarball in ${folder}.`,
    );
  }
  const stated = dist["integrity"];
  if (typeof stated !== "string" || !stated.includes("sha512-")) {
    throw new ReleaseError(
      "INVALID_PACKAGE",
      `The registry states no SHA-512 of ${spec}, so it cannot be verified. Use another registry.`,
    );
  }
  const found = await integrityOf(join(folder, file));
  if (!statesIntegrity(stated, found)) {
    throw new ReleaseError(
      "INVALID_PACKAGE",
      `The tarball of ${spec} has integrity ${found}, but the registry states ${stated}. Do not use it.`,
    );
  }
  return join(folder, file);
}

/** Every published version of the command-line tool, those of the platform builds included. */
export async function publishedVersions(): Promise<ReadonlySet<string>> {
  const output = await npm(["view", PUBLISHED_NAME, "versions", "--json"], PUBLISHED_NAME);
  const versions = parseJson(output, `npm view ${PUBLISHED_NAME}`);
  return new Set(Array.isArray(versions) ? versions.map(String) : [String(versions)]);
}

async function npm(args: readonly string[], spec: string): Promise<string> {
  // Few and quick retries: npm's own would keep a machine without network waiting for minutes.
  const retries = [
    "--fetch-retries=2",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=4000",
  ];
  const { exitCode, stdout, stderr } = await runCommand([...npmCommand(), ...args, ...retries]);
  if (exitCode === 0 && stdout.trim() !== "") return stdout;
  const code = npmErrorCode(stderr);
  if (code !== null && isNetworkCode(code)) throw networkUnavailable(spec, code);
  if (exitCode === 0 || code === "E404" || code === "ETARGET") {
    throw new ReleaseError(
      "RUNTIME_UNAVAILABLE",
      `npm has no ${spec}. Either this version was not released for that platform, or its publication is not done yet.`,
    );
  }
  if (code === "EINTEGRITY") {
    throw new ReleaseError(
      "INVALID_PACKAGE",
      `The tarball of ${spec} does not have the integrity that the registry states. Do not use it.`,
    );
  }
  throw new ReleaseError(
    "COMMAND_FAILED",
    `npm could not fetch ${spec}${code === null ? "" : ` (${code})`}: ${reasonIn(stderr) ?? "npm printed no reason"}\n${stderr.trim()}`,
  );
}
