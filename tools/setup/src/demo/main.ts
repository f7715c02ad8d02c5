// Started by `npm run demo`, which checks the arguments.
import { runLive } from "./live.js";
import { runScripted } from "./scripted.js";

const [mode, ...prompt] = process.argv.slice(2);
await (mode === "--live" ? runLive(prompt.join(" ")) : runScripted());
