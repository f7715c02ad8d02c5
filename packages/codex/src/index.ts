export { Codex, type CodexOptions } from "./api/codex.js";
export { Thread } from "./api/thread.js";
