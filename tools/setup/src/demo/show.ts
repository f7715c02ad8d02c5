import { styleText } from "node:util";

import type { TurnHandle, TurnResult } from "@openai/codex";
import type { ThreadItem } from "@openai/codex/types";

type CommandItem = Extract<ThreadItem, { readonly type: "commandExecution" }>;
type FileChangeItem = Extract<ThreadItem, { readonly type: "fileChange" }>;
type Style = "bold" | "cyan" | "dim" | "yellow";

/** Prints a line. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Prints the title of a part. */
export function heading(title: string): void {
  print(`\n${styled("bold", title)}\n`);
}

/** Prints a line about what this program does in a turn. */
export function note(line: string): void {
  print(styled("yellow", line));
}

/** Prints a turn while it runs. Returns the commands that it ran. */
export async function showTurn(turn: TurnHandle): Promise<CommandItem[]> {
  const commands: CommandItem[] = [];
  for await (const event of turn.stream()) {
    switch (event.method) {
      case "item/started":
        if (event.params.item.type === "agentMessage") process.stdout.write("\nCodex: ");
        break;
      case "item/agentMessage/delta":
        process.stdout.write(styled("cyan", event.params.delta));
        break;
      case "item/completed":
        if (event.params.item.type === "agentMessage") print("");
        if (event.params.item.type === "fileChange") showFileChange(event.params.item);
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

function showFileChange({ changes, status }: FileChangeItem): void {
  for (const { path, diff } of changes) {
    print(styled("dim", `\n  File change ${status}: ${path}`));
    for (const line of diff.trimEnd().split("\n")) print(styled("dim", `  | ${line}`));
  }
}

function showCommand({ command, aggregatedOutput, exitCode }: CommandItem): void {
  print(styled("dim", `\n  $ ${command}`));
  for (const line of (aggregatedOutput ?? "").trimEnd().split("\n")) {
    print(styled("dim", `  | ${line}`));
  }
  print(styled("dim", `  exit code ${exitCode ?? "unknown"}`));
}

/** Prints a turn's result. */
export function showResult(result: TurnResult<unknown>): void {
  const { status, durationMs, finalResponse, items, turnUsage } = result;
  print("\nTurnResult");
  print(`  status         ${status}`);
  print(`  durationMs     ${durationMs}`);
  print(`  items          ${items.map(({ type }) => type).join(", ")}`);
  print(`  turnUsage      ${turnUsage?.inputTokens ?? 0} in, ${turnUsage?.outputTokens ?? 0} out`);
  print(`  finalResponse  ${finalResponse}`);
}

/** Prints what to try next. */
export function showNextSteps(): void {
  heading("Next steps");
  print(`  npm run demo -- --live "Explain this folder"   the same runtime with your own login`);
  print(
    "  npm run example                                programs for each topic, to run and to copy",
  );
  print(
    "  docs/getting-started.md, docs/testing.md       how to write your own, and how to test it",
  );
}

function styled(style: Style, text: string): string {
  const isColoured = process.stdout.isTTY && process.stdout.hasColors();
  return isColoured ? styleText(style, text) : text;
}
