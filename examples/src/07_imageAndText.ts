// An image from memory beside a text. The runtime takes images inline, as data URLs.
import { readFile } from "node:fs/promises";

import { Codex, imageInput, textInput } from "@openai/codex";

const png = await readFile(new URL("../assets/flag.png", import.meta.url));

await using codex = new Codex();
const thread = await codex.startThread();
const result = await thread.run([
  textInput("Which country has this flag? Answer with its name."),
  imageInput(`data:image/png;base64,${png.toString("base64")}`),
]);

console.log("Country:", result.finalResponse);
