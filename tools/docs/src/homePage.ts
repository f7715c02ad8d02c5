import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { repoRoot } from "./folders.js";
import { writePage } from "./pages.js";

const FRONT = `---
layout: home
hero:
  name: Codex SDK
  text: for TypeScript
  tagline: Run the Codex agent from Node.js
  actions:
    - theme: brand
      text: First turn
      link: /guides/first-turn
    - theme: alt
      text: Guides
      link: /guides/
    - theme: alt
      text: API
      link: /reference/api/
features:
  - title: Streams
    details: Text, commands, file changes and token usage as they arrive. Steer and interrupt a turn.
    link: /guides/streaming
  - title: Approvals
    details: Your program, or a reviewer, decides what goes beyond the sandbox. Nothing is granted by default.
    link: /guides/approvals
  - title: Tools and typed output
    details: Functions of your program for the model, and answers in the form of your schema.
    link: /guides/tools
  - title: Testable
    details: A scripted model runs your application on the real runtime, without a key and network.
    link: /testing
---
`;

/** Writes the home page: the first program of the package's page below the links. */
export async function writeHome(): Promise<void> {
  const readme = await readFile(join(repoRoot, "packages/codex/README.md"), "utf8");
  const start = readme.indexOf("```sh");
  const end = readme.indexOf("## Log in");
  if (start === -1 || end === -1)
    throw new Error("packages/codex/README.md has changed its parts.");
  const login =
    "Log in with `npx codex login`, or [from your program](./guides/api-key-and-ci.md).\n";
  await writePage("index.md", `${FRONT}\n## Start\n\n${readme.slice(start, end)}${login}`);
}
