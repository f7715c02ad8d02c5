// `pnpm lab notebook`: the cells of the walkthrough in Deno's Jupyter kernel, with a scripted model.
import { runNotebook } from "./runNotebook.js";

let count = 0;
await runNotebook(({ status, text }) => {
  count += 1;
  process.stdout.write(`--- cell ${count}: ${status}\n${text}`);
  if (status !== "ok") process.exitCode = 1;
});
