/**
 * The words of each simple command in a shell script, as far as the workflows need it: quotes, variables
 * (by `variables`, else a placeholder), command substitutions (a placeholder), and line continuations.
 * A redirection or a pipe ends a command.
 */
export function shellCommands(
  script: string,
  variables: Readonly<Record<string, string>> = {},
): readonly (readonly string[])[] {
  const commands: string[][] = [];
  for (const line of script.replaceAll("\\\n", " ").split("\n")) {
    let words: string[] = [];
    for (const [token] of line.matchAll(
      /(?:"(?:\\.|\$\([^)]*\)|[^"\\])*"|'[^']*'|\$\([^)]*\)|[^\s"'|&;<>])+|[|&;<>]+/g,
    )) {
      if (/^[|&;<>]+$/.test(token)) {
        commands.push(words);
        words = [];
      } else {
        words.push(unquote(token, variables));
      }
    }
    commands.push(words);
  }
  return commands.filter((words) => words.length > 0);
}

function unquote(token: string, variables: Readonly<Record<string, string>>): string {
  const expand = (text: string): string =>
    text
      .replaceAll(/\$\([^)]*\)/g, "substituted")
      .replaceAll(/\$\{?(\w+)\}?/g, (_, name: string) => variables[name] ?? "variable");
  return token.replaceAll(/"((?:\\.|[^"\\])*)"|'([^']*)'|([^"']+)/g, (_, double, single, bare) => {
    if (typeof single === "string") return single;
    return expand(typeof double === "string" ? double : String(bare));
  });
}
