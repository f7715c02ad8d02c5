import type { SandboxPolicy, SandboxWorkspaceWrite } from "@openai/codex-types";

import { isObject } from "../../internal/isObject.js";

/** The settings of a thread in the form of the wire. A member that the runtime has not reported is left out. */
export interface StoredSettings {
  readonly model?: string;
  readonly modelProvider?: string;
  readonly serviceTier?: string | null;
  readonly cwd?: string;
  readonly effort?: string | null;
  readonly summary?: string | null;
  readonly approvalPolicy?: unknown;
  readonly approvalsReviewer?: string;
  readonly sandboxPolicy?: SandboxPolicy;
  readonly permissions?: string | null;
  /** The thread's own `config.sandbox_workspace_write`, which the runtime does not report. */
  readonly workspaceWrite?: Partial<SandboxWorkspaceWrite>;
}

/** Settings of a thread that is not loaded, to be restored when it is. */
export interface KeptSettings extends StoredSettings {
  /** True for a thread from another home, of which the runtime here restores nothing that must be relied on. */
  readonly isCarried?: true;
}

/** Reads the settings from a response to `thread/start`, `thread/resume` or `thread/fork`. */
export function settingsOfResponse(response: Readonly<Record<string, unknown>>): StoredSettings {
  const { sandbox, reasoningEffort, ...others } = response;
  return readSettings({ ...others, sandboxPolicy: sandbox, effort: reasoningEffort });
}

/** Reads the thread's own `config.sandbox_workspace_write` from the params of a request. */
export function workspaceWriteOf(params: object): StoredSettings {
  const config: unknown = Reflect.get(params, "config");
  const table = isObject(config) ? config["sandbox_workspace_write"] : undefined;
  return isObject(table) ? { workspaceWrite: table } : {};
}

/** Reads the settings from the params of `thread/settings/updated`. */
export function settingsOfNotification(params: unknown): StoredSettings {
  const settings = isObject(params) ? params["threadSettings"] : undefined;
  return isObject(settings) ? readSettings(settings) : {};
}

function readSettings(from: Readonly<Record<string, unknown>>): StoredSettings {
  const { approvalPolicy, sandboxPolicy, activePermissionProfile: profile } = from;
  return {
    ...textMember("model", from),
    ...textMember("modelProvider", from),
    ...textMember("cwd", from),
    ...textMember("approvalsReviewer", from),
    ...nullableMember("serviceTier", from),
    ...nullableMember("effort", from),
    ...nullableMember("summary", from),
    ...(approvalPolicy === undefined ? {} : { approvalPolicy }),
    ...(isSandboxPolicy(sandboxPolicy) ? { sandboxPolicy } : {}),
    ...(profile === null ? { permissions: null } : {}),
    ...(isObject(profile) && typeof profile["id"] === "string"
      ? { permissions: profile["id"] }
      : {}),
  };
}

function textMember<Name extends string>(
  name: Name,
  from: Readonly<Record<string, unknown>>,
): { readonly [Key in Name]?: string } {
  const value = from[name];
  // SAFETY: a computed key widens to an index signature; the object has exactly this member.
  return (typeof value === "string" ? { [name]: value } : {}) as { [Key in Name]?: string };
}

function nullableMember<Name extends string>(
  name: Name,
  from: Readonly<Record<string, unknown>>,
): { readonly [Key in Name]?: string | null } {
  const value = from[name];
  const isUsable = value === null || typeof value === "string";
  // SAFETY: a computed key widens to an index signature; the object has exactly this member.
  return (isUsable ? { [name]: value } : {}) as { [Key in Name]?: string | null };
}

/** Returns whether the value has the form of a policy, by the members that the SDK reads. */
function isSandboxPolicy(value: unknown): value is SandboxPolicy {
  if (!isObject(value) || typeof value["type"] !== "string") return false;
  const { writableRoots = null, networkAccess } = value;
  const isText = (root: unknown) => typeof root === "string";
  if (value["type"] === "workspaceWrite" && writableRoots !== null) {
    // A policy whose roots cannot be read is not known: a change must not build on it.
    if (!Array.isArray(writableRoots) || !writableRoots.every(isText)) return false;
  }
  return value["type"] === "externalSandbox" || isSwitch(networkAccess);
}

function isSwitch(value: unknown): boolean {
  return value === undefined || value === null || typeof value === "boolean";
}
