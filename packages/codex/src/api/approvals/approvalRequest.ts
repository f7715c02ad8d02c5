import type {
  CommandExecutionApprovalKind,
  CommandExecutionRequestApprovalParams,
  FileChangeRequestApprovalParams,
  FileUpdateChange,
  McpServerElicitationRequestParams,
  PermissionsRequestApprovalParams,
  ToolRequestUserInputParams,
} from "@openai/codex-types";

/** A command wants to run outside of the sandbox, or the policy asks about all of them (`item/commandExecution/requestApproval`). */
export interface CommandApprovalRequest extends Omit<
  CommandExecutionRequestApprovalParams,
  "kind"
> {
  readonly kind: "command";
  /** The wire's own `kind`: a command, one of the user's, or input to a terminal that runs already. */
  readonly commandKind: CommandExecutionApprovalKind;
}

/** A patch wants to change files that the sandbox does not let it (`item/fileChange/requestApproval`). */
export interface FileChangeApprovalRequest extends FileChangeRequestApprovalParams {
  readonly kind: "fileChange";
  /**
   * What would be changed, taken from the item's start: the request itself does not say. `null` when
   * the item began before this client listened.
   */
  readonly changes: readonly FileUpdateChange[] | null;
}

/** The model asks for more permissions, for the turn or the session (`item/permissions/requestApproval`). */
export interface PermissionsApprovalRequest extends PermissionsRequestApprovalParams {
  readonly kind: "permissions";
}

/** The model has questions for the user (`item/tool/requestUserInput`). */
export interface UserInputRequest extends ToolRequestUserInputParams {
  readonly kind: "userInput";
}

/** The call of an MCP tool that waits for a yes or no. */
export interface McpToolApproval {
  /** The tool's name on its server. */
  readonly toolName: string;
  /** What the server says that the tool does; `null` if nothing. */
  readonly toolDescription: string | null;
  /** The arguments that the model gave. */
  readonly toolParams: unknown;
  /** Whether `acceptForSession` may be answered. */
  readonly canAcceptForSession: boolean;
}

/**
 * An MCP server asks the user something, or the runtime asks whether an MCP tool may be called
 * (`mcpServer/elicitation/request`). `mode` tells the forms of the first apart.
 */
export type ElicitationRequest = McpServerElicitationRequestParams & {
  readonly kind: "elicitation";
  /** Set when this is the runtime's question about a tool call; `null` when the server itself asks. */
  readonly toolApproval: McpToolApproval | null;
};

/** What `onApproval` is asked, told apart by `kind`. */
export type ApprovalRequest =
  | CommandApprovalRequest
  | FileChangeApprovalRequest
  | PermissionsApprovalRequest
  | UserInputRequest
  | ElicitationRequest;

/** The kinds of requests that `onApproval` is asked. */
export type ApprovalKind = ApprovalRequest["kind"];

/** The request of one kind. */
export type ApprovalRequestOf<Kind extends ApprovalKind> = Extract<
  ApprovalRequest,
  { readonly kind: Kind }
>;
