import { InvalidOptionError } from "../../errors.js";
import { describeValue } from "../../internal/validate.js";

/**
 * Names of the runtime's own tools and namespaces, with all features on. The runtime accepts a tool of
 * the application under such a name, and then calls its own.
 */
const BUILT_IN_NAMES: ReadonlySet<string> = new Set([
  "apply_patch",
  "clock",
  "collaboration",
  "create_goal",
  "exec",
  "exec_command",
  "functions",
  "get_context_remaining",
  "get_goal",
  "image_generation",
  "local_shell",
  "multi_agent_v1",
  "new_context",
  "request_permissions",
  "request_user_input",
  "send_message_to_user_async",
  "shell",
  "tool_search",
  "update_goal",
  "update_plan",
  "view_image",
  "wait",
  "web_search",
  "write_stdin",
]);

const NAME_PATTERN = /^[a-zA-Z0-9_-]{1,64}$/;

/**
 * Checks the name of a tool: its form, and that it is not a name of the runtime or of MCP servers.
 *
 * @throws InvalidOptionError
 */
export function checkToolName(option: string, name: unknown): asserts name is string {
  if (typeof name !== "string" || !NAME_PATTERN.test(name)) {
    throw new InvalidOptionError(
      option,
      `${describeValue(name)} is not a valid tool name; use a string that matches ${NAME_PATTERN.source}.`,
    );
  }
  if (BUILT_IN_NAMES.has(name)) {
    throw new InvalidOptionError(
      option,
      `${name} is the name of a tool of the runtime; choose another name.`,
    );
  }
  if (name === "mcp" || name.startsWith("mcp__")) {
    throw new InvalidOptionError(
      option,
      `${name} is reserved for the tools of MCP servers; choose a name that does not start with mcp__.`,
    );
  }
}

/**
 * Checks that no two tools have the same name.
 *
 * @throws InvalidOptionError
 */
export function checkToolNamesDiffer(tools: readonly { readonly name: string }[]): void {
  const seen = new Set<string>();
  for (const { name } of tools) {
    if (seen.has(name)) {
      throw new InvalidOptionError(
        "tools",
        `two of them have the name ${name}; give each its own name.`,
      );
    }
    seen.add(name);
  }
}
