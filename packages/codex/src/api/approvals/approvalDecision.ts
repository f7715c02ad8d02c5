import type {
  CommandExecutionApprovalDecision,
  FileChangeApprovalDecision,
  JsonValue,
  PermissionsRequestApprovalResponse,
} from "@openai/codex-types";

import type { ApprovalKind } from "./approvalRequest.js";

/**
 * The answer to a command. `accept` runs it, `acceptForSession` also its like from then on; `decline`
 * tells the model no, `cancel` interrupts the turn as well. One of the request's `availableDecisions`
 * may be given back as it is: an amendment is written to the user's rules, and holds for good.
 */
export type CommandDecision = CommandExecutionApprovalDecision;

/** The answer to a file change; the words mean what they do for a command. */
export type FileChangeDecision = FileChangeApprovalDecision;

/**
 * The answer to a request for permissions: `accept` grants what was asked for, for the turn,
 * `acceptForSession` for the session. The object grants less, or on other terms.
 */
export type PermissionsDecision =
  | "accept"
  | "acceptForSession"
  | "decline"
  | Readonly<PermissionsRequestApprovalResponse>;

/** The answer to the model's questions: by their ids, one text or several each; `decline` answers none. */
export type UserInputDecision =
  | "decline"
  | { readonly answers: Readonly<Record<string, string | readonly string[]>> };

/**
 * The answer to an MCP elicitation. `accept` is for one that asks for no content, such as a tool call
 * (see `toolApproval`); `acceptForSession` also accepts the tool's later calls. A form is accepted
 * with its `content`.
 */
export type ElicitationDecision =
  | "accept"
  | "acceptForSession"
  | "decline"
  | "cancel"
  | { readonly content: JsonValue; readonly _meta?: JsonValue | undefined };

/** What may be answered to each kind of request. */
export interface ApprovalDecisions {
  /** To a command that wants out of the sandbox. */
  readonly command: CommandDecision;
  /** To a patch that wants out of the sandbox. */
  readonly fileChange: FileChangeDecision;
  /** To the model that asks for more permissions. */
  readonly permissions: PermissionsDecision;
  /** To the model that has questions. */
  readonly userInput: UserInputDecision;
  /** To an MCP server that asks, or an MCP tool that is to be called. */
  readonly elicitation: ElicitationDecision;
}

/** What `onApproval` may answer. `"decline"` fits every kind; see `approvalsByKind` for the rest. */
export type ApprovalDecision = ApprovalDecisions[ApprovalKind];
