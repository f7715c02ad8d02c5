import type { ReasoningEffort, ThreadStartParams } from "@openai/codex-types";

import type { RequestOptions } from "../rpc/requestOptions.js";
import type { ApprovalMode } from "./approvals/approvalMode.js";
import type { ApprovalHandler } from "./approvals/approvals.js";
import type { SandboxOptions } from "./sandbox.js";

/** Options of `startThread`, `resumeThread` and `forkThread` that the wire has under the same names. */
export interface CommonThreadOptions {
  /**
   * Model, by its name in `codex.models()`. Defaults to the configuration's for a new thread, and to the
   * thread's for another. The runtime does not check the name: the provider refuses an unknown one with
   * the first turn.
   */
  readonly model?: ThreadStartParams["model"] | undefined;
  /**
   * Name of the model provider in the configuration (`model_providers`). Defaults to the configuration's
   * for a new thread, and to the thread's for another.
   */
  readonly modelProvider?: ThreadStartParams["modelProvider"] | undefined;
  /**
   * Working directory of commands, which must exist. A relative path counts from the `cwd` of the client.
   * Defaults to the `cwd` of the client for a new thread, and to the thread's for another.
   */
  readonly cwd?: ThreadStartParams["cwd"] | undefined;
  /**
   * Settings of the runtime's configuration for this thread, in the form of `config.toml`. Defaults to
   * the configuration.
   */
  readonly config?: ThreadStartParams["config"] | undefined;
  /** Instructions that replace the runtime's own for the model. Defaults to those of the model. */
  readonly baseInstructions?: ThreadStartParams["baseInstructions"] | undefined;
  /** Service tier of model calls. Defaults to the configuration's, or to the thread's. */
  readonly serviceTier?: ThreadStartParams["serviceTier"] | undefined;
}

/** Modes of the model's web search. `cached` and `indexed` answer from an index, `live` reads the web. */
export const WEB_SEARCH = ["disabled", "cached", "indexed", "live"] as const;

/** Options that `startThread`, `resumeThread` and `forkThread` share. */
export interface RoutingOptions extends CommonThreadOptions, SandboxOptions, RequestOptions {
  /**
   * Reviewer of what goes beyond the sandbox: `auto_review`, a second call of the model, or `deny_all`,
   * which refuses everything. New threads default to `auto_review`; otherwise the thread's setting is kept.
   */
  readonly approvalMode?: ApprovalMode | undefined;
  /**
   * Makes the application the reviewer, in place of `approvalMode`. Defaults to the `onApproval` of
   * `new Codex()`, unless `approvalMode` is given.
   */
  readonly onApproval?: ApprovalHandler | undefined;
  /** Reasoning effort of the model (`config.model_reasoning_effort`). Defaults to the thread's, or the configuration's. */
  readonly effort?: ReasoningEffort | undefined;
  /** Web search of the model (`config.web_search`). Defaults to the configuration's. */
  readonly webSearch?: (typeof WEB_SEARCH)[number] | undefined;
}
