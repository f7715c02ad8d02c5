import type { AppServerClient } from "../client/appServerClient.js";
import type { Thread } from "./thread.js";
import type { ForkThreadOptions } from "./threadOptions.js";

/** What a thread needs of the `Codex` that made it. */
export interface ThreadServices {
  readonly client: AppServerClient;
  forkThread(threadId: string, options: ForkThreadOptions): Promise<Thread>;
}
