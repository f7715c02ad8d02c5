import type {
  CommandExecutionApprovalDecision,
  FileChangeApprovalDecision,
  JsonValue,
  PermissionsRequestApprovalResponse,
} from "@openai/codex-types";

import type { ApprovalKind } from "./approvalRequest.js";

/**
 * Decision about a command. `accept` runs the command; `acceptForSession` also approves matching
 * commands for the rest of the session. `decline` refuses it and the turn continues; `cancel` also
 * interrupts the turn.
 *
 * `{ acceptWithExecpolicyAmendment: { execpolicy_amendment } }` runs the command and lasts: the runtime
 * writes the words as a rule to `rules/default.rules` in `CODEX_HOME`, and does not ask again for a
 * command that starts with these words, in any later session. The request proposes the words in
 * `proposedExecpolicyAmendment`. Show them to a person before accepting: a rule such as `["npm"]`
 * approves every `npm` command.
 */
export type CommandDecision = CommandExecutionApprovalDecision;

/** Decision about a file change. The words have the same meaning as for a command. */
export type FileChangeDecision = FileChangeApprovalDecision;

/**
 * Decision about a request for permissions. `accept` grants the requested permissions for the turn,
 * `acceptForSession` for the session. An object grants less, or in another scope.
 */
export type PermissionsDecision =
  | "accept"
  | "acceptForSession"
  | "decline"
  | Readonly<PermissionsRequestApprovalResponse>;

/** Answers to the model's questions: one or several texts for each question id. `decline` answers none. */
export type UserInputDecision =
  | "decline"
  | { readonly answers: Readonly<Record<string, string | readonly string[]>> };

/**
 * Decision about an MCP elicitation. `accept` is for one without content, such as a tool call (see
 * `toolApproval`); `acceptForSession` also approves later calls of the tool. A form is accepted with its
 * `content`.
 */
export type ElicitationDecision =
  | "accept"
  | "acceptForSession"
  | "decline"
  | "cancel"
  | { readonly content: JsonValue; readonly _meta?: JsonValue | undefined };

/** Decisions for each kind of request. */
export interface ApprovalDecisions {
  /** For a command that needs approval. */
  readonly command: CommandDecision;
  /** For a patch that needs approval. */
  readonly fileChange: FileChangeDecision;
  /** For a request for more permissions. */
  readonly permissions: PermissionsDecision;
  /** For questions of the model. */
  readonly userInput: UserInputDecision;
  /** For a question of an MCP server, or a call of an MCP tool. */
  readonly elicitation: ElicitationDecision;
}

/** Return value of `onApproval`. `"decline"` is valid for every kind; `approvalsByKind` types the others. */
export type ApprovalDecision = ApprovalDecisions[ApprovalKind];
