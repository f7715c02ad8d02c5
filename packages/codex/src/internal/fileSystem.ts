/**
 * The file system module of Node, for code that every program loads. An import of "node:fs" costs as much
 * as the whole SDK: it also loads the streams of Node.
 */
export const fs = process.getBuiltinModule("node:fs");
