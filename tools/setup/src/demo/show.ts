import type { TurnHandle, TurnResult } from "@openai/codex";
import type { ThreadItem } from "@openai/codex/types";

type CommandItem = Extract<ThreadItem, { readonly type: "commandExecution" }>;

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Shows a turn as it comes; returns the commands that it ran. */
export async function showTurn(turn: TurnHandle): Promise<CommandItem[]> {
  const commands: CommandItem[] = [];
  for await (const event of turn.stream()) {
    switch (event.method) {
      case "item/started":
        if (event.params.item.type === "agentMessage") process.stdout.write("\nCodex: ");
        break;
      case "item/agentMessage/delta":
        process.stdout.write(event.params.delta);
        break;
      case "item/completed":
        if (event.params.item.type === "agentMessage") print("");
        if (event.params.item.type !== "commandExecution") break;
        commands.push(event.params.item);
        showCommand(event.params.item);
        break;
      case "turn/completed":
        print(`\nTurn ${event.params.turn.status}, ${event.params.turn.durationMs ?? "?"} ms`);
        break;
      default:
        break;
    }
  }
  return commands;
}

function showCommand({ command, aggregatedOutput, exitCode }: CommandItem): void {
  print(`\n  $ ${command}`);
  for (const line of (aggregatedOutput ?? "").trimEnd().split("\n")) print(`  | ${line}`);
  print(`  exit status ${exitCode ?? "unknown"}`);
}

/** Shows a turn's result. */
export function showResult(result: TurnResult): void {
  const { id, status, durationMs, finalResponse, items, turnUsage } = result;
  print("\nTurnResult");
  print(`  id             ${id}`);
  print(`  status         ${status}`);
  print(`  durationMs     ${durationMs}`);
  print(`  items          ${items.map(({ type }) => type).join(", ")}`);
  print(`  turnUsage      ${turnUsage?.inputTokens ?? 0} in, ${turnUsage?.outputTokens ?? 0} out`);
  print(`  finalResponse  ${finalResponse}`);
}
