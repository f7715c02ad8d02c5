import { isObject } from "../../internal/isObject.js";
import type { AskedSettings } from "./compareSettings.js";
import { amendPolicy } from "./sandboxPolicy.js";
import type { KeptSettings, StoredSettings } from "./storedSettings.js";

/** Keys of `config` with which a caller of a fork decides about a setting. */
const SANDBOX_KEYS = ["sandbox_mode", "sandbox_workspace_write", "default_permissions"];
const MODEL_KEYS = ["model", "model_provider"];

/**
 * Settings that a fork has to have: what was asked for, and otherwise the sandbox with its roots and network
 * access, the model, the effort, the summary and the service tier of its source, which the runtime does
 * not take over.
 */
export function inheritSettings(
  asked: AskedSettings,
  source: StoredSettings,
  params: { readonly config?: unknown; readonly runtimeWorkspaceRoots?: unknown },
): AskedSettings {
  const config = isObject(params.config) ? params.config : {};
  const isConfigured = (keys: readonly string[]) => keys.some((key) => Object.hasOwn(config, key));
  const hasOwnSandbox =
    asked.sandbox !== undefined ||
    asked.permissions !== undefined ||
    isConfigured([...SANDBOX_KEYS, "profile"]) ||
    Array.isArray(params.runtimeWorkspaceRoots);
  const hasOwnModel =
    asked.model !== undefined ||
    asked.modelProvider !== undefined ||
    isConfigured([...MODEL_KEYS, "profile"]);
  const { sandboxPolicy, model, effort, summary, serviceTier } = source;
  return {
    ...(sandboxPolicy === undefined || hasOwnSandbox
      ? {}
      : { sandboxPolicy: amendPolicy(sandboxPolicy, asked) }),
    ...(model === undefined || hasOwnModel ? {} : { model }),
    ...(typeof effort === "string" ? { effort } : {}),
    ...(typeof summary !== "string" || isConfigured(["model_reasoning_summary"])
      ? {}
      : { summary }),
    ...(typeof serviceTier !== "string" || isConfigured(["service_tier"]) ? {} : { serviceTier }),
    ...asked,
  };
}

/**
 * Settings of a thread that the runtime loads again: those that were asked for, and otherwise the sandbox
 * and the summary that the thread had, which the runtime replaces with the configuration's. It restores
 * all others, which another process may have changed meanwhile.
 */
export function restoreSettings(
  asked: AskedSettings,
  kept: KeptSettings,
  params: { readonly config?: unknown; readonly runtimeWorkspaceRoots?: unknown },
): AskedSettings {
  if (kept.isCarried === true) return carrySettings(asked, kept, params);
  const { sandboxPolicy, summary } = kept;
  const had = {
    ...(sandboxPolicy === undefined ? {} : { sandboxPolicy }),
    ...(summary === undefined ? {} : { summary }),
  };
  return inheritSettings(asked, had, params);
}

/** Settings of a thread from another home: those that were asked for, and otherwise all that it had there. */
function carrySettings(
  asked: AskedSettings,
  had: KeptSettings,
  params: { readonly config?: unknown; readonly runtimeWorkspaceRoots?: unknown },
): AskedSettings {
  const { sandboxPolicy, ...inherited } = inheritSettings(asked, had, params);
  const isConfigured = isObject(params.config) && Object.hasOwn(params.config, "approval_policy");
  const hasOwnReviewer = asked.approvalPolicy !== undefined || isConfigured;
  const { approvalPolicy, approvalsReviewer, permissions, modelProvider, cwd } = had;
  const hasProfile = sandboxPolicy !== undefined && typeof permissions === "string";
  return {
    ...(hasOwnReviewer ? {} : { approvalPolicy }),
    ...(hasOwnReviewer || approvalsReviewer === undefined ? {} : { approvalsReviewer }),
    ...(modelProvider === undefined || asked.model !== undefined ? {} : { modelProvider }),
    ...(cwd === undefined ? {} : { cwd }),
    ...inherited,
    // A profile stands for its policy.
    ...(hasProfile ? { permissions } : {}),
    ...(hasProfile || sandboxPolicy === undefined ? {} : { sandboxPolicy }),
  };
}
