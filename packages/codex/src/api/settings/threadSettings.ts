import type { SandboxPolicy } from "@openai/codex-types";

import { ApprovalMode } from "../approvals/approvalMode.js";
import type { Sandbox } from "../sandbox.js";
import { presetOf } from "./compareSettings.js";
import type { StoredSettings } from "./storedSettings.js";

/**
 * The settings of a thread, as the runtime has last reported them. It reports what it has stored: a
 * model or an effort that does not exist is reported, too. `undefined` stands for what it has not
 * reported.
 */
export interface ThreadSettings {
  /** Name of the model. */
  readonly model: string | undefined;
  /** Id of the model provider. */
  readonly modelProvider: string | undefined;
  /** Reasoning effort; `null` is the model's own default. */
  readonly effort: string | null | undefined;
  /** Reasoning summary; `null` is the model's own default. */
  readonly summary: string | null | undefined;
  /** Service tier; `null` is the default tier. */
  readonly serviceTier: string | null | undefined;
  /** Working directory of commands. */
  readonly cwd: string | undefined;
  /** Sandbox preset of commands; `"custom"` for a policy that no preset stands for. */
  readonly sandbox: Sandbox | "custom" | undefined;
  /** The whole policy of the sandbox, with its roots and its network access. */
  readonly sandboxPolicy: SandboxPolicy | undefined;
  /** Id of the permission profile; `null` for none. */
  readonly permissions: string | null | undefined;
  /** Reviewer of what goes beyond the sandbox; `"custom"` for others, such as the application. */
  readonly approvalMode: ApprovalMode | "custom" | undefined;
}

/** Returns the settings in their public form. */
export function toThreadSettings(stored: StoredSettings): ThreadSettings {
  const { sandboxPolicy } = stored;
  return Object.freeze({
    model: stored.model,
    modelProvider: stored.modelProvider,
    effort: stored.effort,
    summary: stored.summary,
    serviceTier: stored.serviceTier,
    cwd: stored.cwd,
    sandbox: sandboxPolicy === undefined ? undefined : (presetOf(sandboxPolicy) ?? "custom"),
    sandboxPolicy,
    permissions: stored.permissions,
    approvalMode: approvalModeOf(stored),
  });
}

function approvalModeOf({
  approvalPolicy,
  approvalsReviewer,
}: StoredSettings): ThreadSettings["approvalMode"] {
  if (approvalPolicy === undefined) return undefined;
  if (approvalPolicy === "never") return ApprovalMode.denyAll;
  const isReviewed = approvalPolicy === "on-request" && approvalsReviewer === "auto_review";
  return isReviewed ? ApprovalMode.autoReview : "custom";
}
