import type { TurnEnvironmentParams } from "@openai/codex-types";

import { InvalidOptionError } from "../../errors.js";
import { checkRemotePath } from "../../internal/paths.js";
import {
  checkRequiredOptions,
  checkText,
  describeValue,
  optionsOf,
} from "../../internal/validate.js";

/** Environment in which the commands of a thread or turn run. */
export interface EnvironmentSelection {
  /** Id that was given to `codex.addEnvironment()`; `"local"` is the machine of the runtime. */
  readonly id: string;
  /** Working directory of commands: an absolute path of the environment. */
  readonly cwd: string;
  /** Folders of the workspace: absolute paths of the environment. Defaults to `cwd`. */
  readonly workspaceRoots?: readonly string[] | undefined;
}

/** The option that selects environments. */
export interface EnvironmentOptions {
  /**
   * Environments of commands, the main one first. An empty list turns commands off. Defaults to those of
   * the thread, and to the machine of the runtime for a new one. Needs `experimentalApi`.
   */
  readonly environments?: readonly EnvironmentSelection[] | undefined;
}

const SELECTION = optionsOf<EnvironmentSelection>({
  id: checkText,
  cwd: checkRemotePath,
  workspaceRoots: (name, value) => {
    if (!Array.isArray(value)) {
      throw new InvalidOptionError(name, `expected a list of paths, not ${describeValue(value)}.`);
    }
    value.forEach((root, index) => checkRemotePath(`${name}[${index}]`, root));
  },
});

/** Checks the option `environments`. */
export function checkEnvironments(name: string, value: unknown): void {
  if (!Array.isArray(value)) {
    throw new InvalidOptionError(
      name,
      `expected a list of environments, not ${describeValue(value)}.`,
    );
  }
  const ids = new Set<unknown>();
  for (const [index, selection] of value.entries()) {
    checkRequiredOptions(`${name}[${index}]`, selection, SELECTION);
    checkText(`${name}[${index}].id`, Reflect.get(Object(selection), "id"));
    checkRemotePath(`${name}[${index}].cwd`, Reflect.get(Object(selection), "cwd"));
    const { id }: { id?: unknown } = Object(selection);
    if (ids.has(id)) {
      throw new InvalidOptionError(
        `${name}[${index}].id`,
        `${describeValue(id)} is listed twice; list each environment once.`,
      );
    }
    ids.add(id);
  }
}

/** Returns the member of the wire for the option; none where it is left out. */
export function toEnvironmentFields({ environments }: EnvironmentOptions): {
  readonly environments?: TurnEnvironmentParams[];
} {
  if (environments === undefined) return {};
  return {
    environments: environments.map(({ id, cwd, workspaceRoots }) => ({
      environmentId: id,
      cwd,
      ...(workspaceRoots === undefined ? {} : { runtimeWorkspaceRoots: [...workspaceRoots] }),
    })),
  };
}
