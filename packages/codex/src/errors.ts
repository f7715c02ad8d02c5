// Every error that the SDK throws, but for those that stand for a JSON-RPC error (rpc/rpcErrors.ts).
export * from "./errors/codexError.js";
export * from "./errors/connectionErrors.js";
export * from "./errors/portableErrors.js";
export * from "./errors/environmentErrors.js";
export * from "./errors/settingsErrors.js";
export * from "./errors/turnErrors.js";
