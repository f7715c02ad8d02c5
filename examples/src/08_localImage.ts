// An image file of this machine beside a text: the runtime reads the file.
import { fileURLToPath } from "node:url";

import { Codex, localImageInput, textInput } from "@openai/codex";

const path = fileURLToPath(new URL("../assets/flag.png", import.meta.url));

await using codex = new Codex();
const thread = await codex.startThread();
const result = await thread.run([
  textInput("Name the colours of this flag from left to right."),
  localImageInput(path),
]);

console.log("Colours:", result.finalResponse);
