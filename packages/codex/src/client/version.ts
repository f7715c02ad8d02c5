import { pinnedRuntimeVersion } from "@openai/codex-cli-bin";

/** The Codex version of this SDK, of its types and of the runtime that it is pinned to. */
export const CODEX_VERSION: string = pinnedRuntimeVersion();
