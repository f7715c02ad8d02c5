import { InvalidOptionError } from "../../errors.js";
import { isGiven } from "../../internal/validate.js";
import type { ResumeThreadOptions } from "../threadOptions.js";

/** Options of `thread/resume` that the runtime ignores for a thread that it has loaded. */
const IGNORED_WHEN_LOADED = [
  "webSearch",
  "baseInstructions",
  "personality",
  "runtimeWorkspaceRoots",
] as const satisfies readonly (keyof ResumeThreadOptions)[];

/** Refuses what cannot change on a thread that is open in this client. */
export function checkLoadedOptions(options: ResumeThreadOptions): void {
  const keys = Object.keys(options.config ?? {}).filter((key) => key !== "model_reasoning_effort");
  const named = IGNORED_WHEN_LOADED.filter((name) => isGiven(options[name]));
  const [ignored] = [...named, ...keys.map((key) => `config.${key}`)];
  if (ignored === undefined) return;
  throw new InvalidOptionError(
    ignored,
    "cannot change on a thread that is open in this client; call thread.unload() first, or start a thread with it.",
  );
}
