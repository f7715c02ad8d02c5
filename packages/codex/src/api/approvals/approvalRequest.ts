import type {
  CommandExecutionApprovalKind,
  CommandExecutionRequestApprovalParams,
  FileChangeRequestApprovalParams,
  FileUpdateChange,
  McpServerElicitationRequestParams,
  PermissionsRequestApprovalParams,
  ToolRequestUserInputParams,
} from "@openai/codex-types";

/** Request to run a command, outside of the sandbox or under a policy that asks for every command (`item/commandExecution/requestApproval`). */
export interface CommandApprovalRequest extends Omit<
  CommandExecutionRequestApprovalParams,
  "kind"
> {
  readonly kind: "command";
  /** The `kind` on the wire: a command, a command of the user, or input to a running terminal. */
  readonly commandKind: CommandExecutionApprovalKind;
}

/** Request to change files that the sandbox protects (`item/fileChange/requestApproval`). */
export interface FileChangeApprovalRequest extends FileChangeRequestApprovalParams {
  readonly kind: "fileChange";
  /**
   * The requested changes, taken from the start of the item: the request on the wire does not have them.
   * `null` when the item started before this client listened.
   */
  readonly changes: readonly FileUpdateChange[] | null;
}

/** Request of the model for more permissions, for the turn or the session (`item/permissions/requestApproval`). */
export interface PermissionsApprovalRequest extends PermissionsRequestApprovalParams {
  readonly kind: "permissions";
}

/** Questions of the model for the user (`item/tool/requestUserInput`). */
export interface UserInputRequest extends ToolRequestUserInputParams {
  readonly kind: "userInput";
}

/** Call of an MCP tool that waits for approval. */
export interface McpToolApproval {
  /** Name of the tool on its server. */
  readonly toolName: string;
  /** Description of the tool by its server, or `null`. */
  readonly toolDescription: string | null;
  /** Arguments of the call. */
  readonly toolParams: unknown;
  /** `acceptForSession` is a valid decision. */
  readonly canAcceptForSession: boolean;
}

/**
 * Question of an MCP server for the user, or request to call an MCP tool
 * (`mcpServer/elicitation/request`). `mode` discriminates the forms of a question.
 */
export type ElicitationRequest = McpServerElicitationRequestParams & {
  readonly kind: "elicitation";
  /** The tool call that needs approval; `null` for a question of the server. */
  readonly toolApproval: McpToolApproval | null;
};

/** Request that `onApproval` handles, discriminated by `kind`. */
export type ApprovalRequest =
  | CommandApprovalRequest
  | FileChangeApprovalRequest
  | PermissionsApprovalRequest
  | UserInputRequest
  | ElicitationRequest;

/** Kinds of the requests that `onApproval` handles. */
export type ApprovalKind = ApprovalRequest["kind"];

/** Request of one kind. */
export type ApprovalRequestOf<Kind extends ApprovalKind> = Extract<
  ApprovalRequest,
  { readonly kind: Kind }
>;
