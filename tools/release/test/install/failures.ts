import { cp, rm } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { parsePlatforms } from "../../src/platforms.js";
import { runOrThrow } from "../../src/runCommand.js";
import { temporaryFolder } from "../support/temporaryFolder.js";
import { addPrograms, type Market } from "./market.js";
import { install, type PackageManager, userEnvironment } from "./packageManagers.js";

/** State that the suites share. */
export interface Shop {
  readonly market: () => Market;
  /** A project with the SDK, installed by npm. */
  readonly project: () => string;
  readonly npm: () => PackageManager;
  readonly timeoutMs: number;
}

/** Installs that lack the runtime, and the messages for the user. */
export function failureTests({ market, project, npm, timeoutMs }: Shop): void {
  async function told(folder: string): Promise<unknown> {
    const env = userEnvironment(join(folder, "..", "home"));
    return JSON.parse(await runOrThrow([process.execPath, "failing.mjs"], { cwd: folder, env }));
  }

  function withFlags(...flags: readonly string[]): PackageManager {
    return { ...npm(), add: (spec, cache) => [...npm().add(spec, cache), ...flags] };
  }

  test(
    "of --omit=optional the error names the package and the cause",
    async () => {
      await using folder = await temporaryFolder();
      const place = join(folder.path, "project");
      await install(withFlags("--omit=optional"), "@openai/codex", market().registry.url, place);
      await addPrograms(place);
      const error = await told(place);
      expect(error).toMatchObject({
        message: expect.stringContaining(`${market().platformPackage}@${market().version}`),
      });
      expect(error).toMatchObject({ message: expect.stringContaining("--omit=optional") });
    },
    timeoutMs,
  );

  test(
    "of another platform's node_modules the error names what is there and what is needed",
    async () => {
      await using folder = await temporaryFolder();
      const place = join(folder.path, "project");
      const [foreign] = parsePlatforms(
        process.platform === "darwin" ? "linux-arm64" : "darwin-arm64",
      );
      if (foreign === undefined) throw new Error("the table lacks a platform");
      const flags = [`--os=${foreign.os}`, `--cpu=${foreign.cpu}`];
      await install(withFlags(...flags), "@openai/codex", market().registry.url, place);
      await addPrograms(place);
      const error = await told(place);
      expect(error).toMatchObject({ message: expect.stringContaining(foreign.packageName) });
      expect(error).toMatchObject({ message: expect.stringContaining(market().platformPackage) });
    },
    timeoutMs,
  );

  test(
    "of a deleted platform package the error is the same, whatever codex is on the PATH",
    async () => {
      await using folder = await temporaryFolder();
      const place = join(folder.path, "project");
      await cp(project(), place, {
        recursive: true,
        verbatimSymlinks: true,
        filter: (path) => !path.endsWith(join(...market().platformPackage.split("/"))),
      });
      await rm(join(place, "node_modules", ".package-lock.json"), { force: true });
      expect(await told(place)).toMatchObject({
        message: expect.stringContaining(
          `${market().platformPackage}@${market().version} was not found`,
        ),
      });
    },
    timeoutMs,
  );
}
