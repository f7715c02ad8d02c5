import { checkOneOf } from "../internal/validate.js";

/**
 * Sandbox presets for commands that the model runs, on threads and on turns. A preset changes only what
 * it names: the roots and the network access of `workspace-write` are the thread's, or else the
 * configuration's (`sandbox_workspace_write`).
 */
export const Sandbox = {
  /** Commands read all files, write none and do not reach the network. */
  readOnly: "read-only",
  /** Commands also write in the working directory and the temporary directories. */
  workspaceWrite: "workspace-write",
  /** Commands run without a sandbox. */
  fullAccess: "danger-full-access",
} as const;

/** Name of a sandbox preset. */
export type Sandbox = (typeof Sandbox)[keyof typeof Sandbox];

const PRESETS: readonly string[] = Object.values(Sandbox);

/** Options that change the sandbox of a thread. */
export interface SandboxOptions {
  /**
   * Sandbox preset of commands. Defaults to the thread's setting, or to the configuration's; without one
   * it is `read-only` in a folder that is not trusted. Cannot be combined with `permissions`.
   */
  readonly sandbox?: Sandbox | undefined;
  /**
   * True if commands may reach the network, in the sandboxes `read-only` and `workspace-write`. Defaults
   * to the thread's setting, or to the configuration's.
   */
  readonly networkAccess?: boolean | undefined;
  /**
   * Folders in which commands may write, beside those that the thread or the configuration has, in the
   * sandbox `workspace-write`. A relative path counts from the `cwd` of the client.
   */
  readonly additionalDirectories?: readonly string[] | undefined;
}

/** Checks the name of a sandbox preset. Throws an `InvalidOptionError`. */
export function checkSandbox(name: string, value: unknown): void {
  checkOneOf(name, value, PRESETS);
}
