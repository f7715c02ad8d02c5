import type { SandboxMode, SandboxPolicy } from "@openai/codex-types";

import { checkOneOf } from "../internal/validate.js";

/** Sandbox presets for commands that the model runs, on threads and on turns. */
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

const POLICIES: Readonly<Record<Sandbox, SandboxPolicy>> = {
  "read-only": { type: "readOnly", networkAccess: false },
  "workspace-write": {
    type: "workspaceWrite",
    writableRoots: [],
    networkAccess: false,
    excludeTmpdirEnvVar: false,
    excludeSlashTmp: false,
  },
  "danger-full-access": { type: "dangerFullAccess" },
};

/**
 * Builds the `sandbox` field of `thread/start`, `thread/resume` and `thread/fork`.
 *
 * @throws InvalidOptionError for an unknown preset.
 */
export function toSandboxMode(sandbox: Sandbox | undefined): { readonly sandbox?: SandboxMode } {
  if (sandbox === undefined) return {};
  checkSandbox("sandbox", sandbox);
  return { sandbox };
}

/**
 * Builds the `sandboxPolicy` field of `turn/start`.
 *
 * @throws InvalidOptionError for an unknown preset.
 */
export function toSandboxPolicy(sandbox: Sandbox | undefined): {
  readonly sandboxPolicy?: SandboxPolicy;
} {
  if (sandbox === undefined) return {};
  checkSandbox("sandbox", sandbox);
  return { sandboxPolicy: POLICIES[sandbox] };
}

/** Checks the name of a sandbox preset. Throws an `InvalidOptionError`. */
export function checkSandbox(name: string, value: unknown): void {
  checkOneOf(name, value, Object.keys(POLICIES));
}
