import type { Repository } from "../repository.js";
import { pnpmCommand, runOrThrow } from "../runCommand.js";
import type { GenerateTypes } from "./checkTypes.js";

/** Builds a package of the checkout, and what it depends on. */
export type Build = (repository: Repository, packageName: string) => Promise<void>;

/** Commands of an installed checkout that staging needs; tests replace them. */
export interface CheckoutTools {
  readonly generateTypes: GenerateTypes;
  readonly build: Build;
}

/** The checkout's own generator and build. */
export const checkoutTools: CheckoutTools = {
  async generateTypes(repository, outDir) {
    // Neither goes into the bundle (webpackIgnore): the one starts a runtime that it finds beside itself, and the other
    // has a native parser.
    const [{ codexPath }, { generateTypes }] = await Promise.all([
      import(/* webpackIgnore: true */ "@openai/codex-cli-bin"),
      import(/* webpackIgnore: true */ "@codex-tools/typegen"),
    ]);
    await generateTypes({
      codexPath: codexPath(),
      outDir,
      expectedVersion: repository.version.npm,
    });
  },
  async build(repository, packageName) {
    const command = [...pnpmCommand(), "--filter", `${packageName}...`, "run", "build"] as const;
    await runOrThrow([...command], { cwd: repository.root });
  },
};
