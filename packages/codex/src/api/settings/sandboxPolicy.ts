import type { SandboxPolicy, SandboxWorkspaceWrite } from "@openai/codex-types";

import type { RuntimeClient } from "../../client/runtimeClient.js";
import { CodexProtocolError } from "../../errors.js";
import { isObject } from "../../internal/isObject.js";
import { toResponseObject } from "../checkResponse.js";
import type { AskedSandbox } from "./compareSettings.js";
import type { SettingsServices } from "./settingsServices.js";
import type { StoredSettings } from "./storedSettings.js";

/**
 * The sandbox policy that a thread needs for what was asked for. It starts from the thread's own policy
 * and changes only what is named: the roots and the network access of `workspace-write` are the
 * thread's where it has them, and otherwise the configuration's, as for a new thread. `undefined` when
 * nothing was asked for, or the thread's policy is not known.
 */
export async function toPolicy(
  services: SettingsServices,
  threadId: string,
  asked: AskedSandbox,
): Promise<SandboxPolicy | undefined> {
  const stored = services.settings.get(threadId) ?? {};
  const { sandbox, networkAccess, additionalDirectories } = asked;
  if (sandbox !== undefined) {
    return amendPolicy(await toPresetPolicy(services.runtime, stored, sandbox), asked);
  }
  const isAmended = networkAccess !== undefined || additionalDirectories !== undefined;
  return isAmended && stored.sandboxPolicy !== undefined
    ? amendPolicy(stored.sandboxPolicy, asked)
    : undefined;
}

/** Changes the network access and the roots of a policy, where it has them. */
export function amendPolicy(
  policy: SandboxPolicy,
  { networkAccess, additionalDirectories = [] }: AskedSandbox,
): SandboxPolicy {
  switch (policy.type) {
    case "readOnly":
      return networkAccess === undefined ? policy : { ...policy, networkAccess };
    case "workspaceWrite": {
      const roots = new Set([...(policy.writableRoots ?? []), ...additionalDirectories]);
      const access = networkAccess === undefined ? {} : { networkAccess };
      return { ...policy, ...access, writableRoots: [...roots] };
    }
    default:
      return policy;
  }
}

/** The policy of a preset for a thread with these settings, or for none. */
export async function toPresetPolicy(
  runtime: RuntimeClient,
  { sandboxPolicy, cwd, workspaceWrite }: StoredSettings,
  sandbox: string,
): Promise<SandboxPolicy> {
  if (sandbox === "danger-full-access") return { type: "dangerFullAccess" };
  if (sandbox !== "workspace-write") return { type: "readOnly", networkAccess: false };
  if (sandboxPolicy?.type === "workspaceWrite") return sandboxPolicy;
  const configured = { ...(await configuredWorkspace(runtime, cwd)), ...workspaceWrite };
  return {
    type: "workspaceWrite",
    writableRoots: configured.writable_roots ?? [],
    networkAccess: configured.network_access ?? false,
    excludeTmpdirEnvVar: configured.exclude_tmpdir_env_var ?? false,
    excludeSlashTmp: configured.exclude_slash_tmp ?? false,
  };
}

/** Reads the configuration's `sandbox_workspace_write` (`config/read`). */
async function configuredWorkspace(
  runtime: RuntimeClient,
  cwd: string | undefined,
): Promise<Partial<SandboxWorkspaceWrite>> {
  const response: unknown = await runtime.dispatch("config/read", cwd === undefined ? {} : { cwd });
  const { config } = toResponseObject("config/read", response);
  if (!isObject(config)) {
    throw new CodexProtocolError("the response to config/read does not have a configuration");
  }
  const table = config["sandbox_workspace_write"] ?? {};
  const roots: unknown = isObject(table) ? (table["writable_roots"] ?? []) : undefined;
  if (
    !isObject(table) ||
    !Array.isArray(roots) ||
    !roots.every((root) => typeof root === "string")
  ) {
    throw new CodexProtocolError("the sandbox_workspace_write of config/read cannot be read");
  }
  return table;
}
