import { describe, expect, it } from "vitest";

import { commandHelp, COMMANDS, commandsPage } from "../src/commands.js";

describe("pnpm lab", () => {
  it.each(Object.keys(COMMANDS))("lists %s with its usage and duration", (name) => {
    const help = commandHelp(name);
    expect(help).toMatch(
      new RegExp(`^ {2}pnpm lab ${name}\\b[^\\n]*\\n {6}\\S.*\\n {6}takes \\S`, "u"),
    );
    expect(commandsPage()).toContain(help);
  });
});
