import ora from "ora";

import type { Share } from "../progress.js";

const WIDTH = 24;

/** A bar below the lines that a command prints, in a terminal. */
export interface ProgressBar {
  /** Shows a message, and how much is done; without `share` as much as before. */
  readonly update: (message: string, share?: Share) => void;
  /** Writes something above the bar. */
  readonly above: (write: () => void) => void;
  /** Removes the bar. */
  readonly stop: () => void;
}

/**
 * Returns whether a stream is a terminal that a person looks at, and not the log of a CI run. A terminal without a
 * size, as in a container, reports 0 columns, for which ora counts the lines of the bar without end.
 */
export function isInteractive(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  env: NodeJS.ProcessEnv = process.env,
): boolean {
  const hasSize = (stream.columns ?? 0) > 0;
  return stream.isTTY === true && hasSize && env["TERM"] !== "dumb" && (env["CI"] ?? "") === "";
}

/** Starts a bar in a terminal. */
export function progressBar(terminal: NodeJS.WritableStream): ProgressBar {
  const spinner = ora({
    stream: terminal,
    isEnabled: true,
    // Control-C has to end the command; and the input is not this tool's to read.
    discardStdin: false,
  });
  let part = 0;
  return {
    update: (message, share) => {
      if (share !== undefined && share.total > 0) part = Math.min(1, share.done / share.total);
      const filled = Math.round(part * WIDTH);
      const bar = "█".repeat(filled) + "░".repeat(WIDTH - filled);
      spinner.text = `${bar} ${Math.floor(part * 100)} % ${message}`;
      if (spinner.isSpinning) spinner.render();
      else spinner.start();
    },
    above: (write) => {
      spinner.clear();
      write();
      if (spinner.isSpinning) spinner.render();
    },
    stop: () => void spinner.stop(),
  };
}
