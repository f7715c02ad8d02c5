import type { SandboxMode, SandboxPolicy } from "@openai/codex-types";

import { InvalidOptionError } from "../errors.js";

/** What commands that the model runs may touch: one word for threads and turns. */
export const Sandbox = {
  /** Read everything, write nothing, no network. */
  readOnly: "read-only",
  /** Write in the working folder and the temporary folders, no network. */
  workspaceWrite: "workspace-write",
  /** No sandbox at all. */
  fullAccess: "danger-full-access",
} as const;

/** What commands that the model runs may touch. */
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

/** The `sandbox` field of a thread's start, resume or fork. */
export function toSandboxMode(sandbox: Sandbox | undefined): { readonly sandbox?: SandboxMode } {
  return sandbox === undefined ? {} : { sandbox: checkSandbox(sandbox) };
}

/** The `sandboxPolicy` field of a turn's start. */
export function toSandboxPolicy(sandbox: Sandbox | undefined): {
  readonly sandboxPolicy?: SandboxPolicy;
} {
  return sandbox === undefined ? {} : { sandboxPolicy: POLICIES[checkSandbox(sandbox)] };
}

function checkSandbox(sandbox: Sandbox): Sandbox {
  if (Object.hasOwn(POLICIES, sandbox)) return sandbox;
  throw new InvalidOptionError(
    "sandbox",
    `${JSON.stringify(sandbox)} is not supported; it must be one of: ${Object.keys(POLICIES).join(", ")}.`,
  );
}
