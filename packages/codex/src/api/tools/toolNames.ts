import { InvalidOptionError } from "../../errors.js";

/**
 * The runtime's own tools and namespaces: what it offers to models, whatever its features, and what
 * models know it by. It refuses none of them to the application, but would call its own.
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

/** Refuses a name that the model service, the runtime or the model would stumble over. */
export function checkToolName(name: unknown): asserts name is string {
  if (typeof name !== "string" || !NAME_PATTERN.test(name)) {
    throw new InvalidOptionError(
      "name",
      `${JSON.stringify(name)} is no name of a tool; it must match ${NAME_PATTERN.source}.`,
    );
  }
  if (BUILT_IN_NAMES.has(name)) {
    throw new InvalidOptionError("name", `${name} is a tool of the runtime's own; take another.`);
  }
  if (name === "mcp" || name.startsWith("mcp__")) {
    throw new InvalidOptionError(
      "name",
      `${name} is reserved for the tools of MCP servers; take one that does not begin with mcp__.`,
    );
  }
}

/** Refuses a list in which two tools have the same name. */
export function checkToolNamesDiffer(tools: readonly { readonly name: string }[]): void {
  const seen = new Set<string>();
  for (const { name } of tools) {
    if (seen.has(name)) {
      throw new InvalidOptionError(
        "tools",
        `two of them are named ${name}; give each its own name.`,
      );
    }
    seen.add(name);
  }
}
