import { runLive } from "./live.js";
import { runScripted } from "./scripted.js";

const USAGE = `npm run demo                       a turn on the embedded scripted model: no key, no network
npm run demo -- --live "prompt"    a turn on your own Codex login, or with OPENAI_API_KEY
`;

const [mode, ...prompt] = process.argv.slice(2);
if (mode === undefined) await runScripted();
else if (mode === "--live" && prompt.length > 0) await runLive(prompt.join(" "));
else {
  process.stderr.write(USAGE);
  process.exitCode = mode === "--help" ? 0 : 1;
}
