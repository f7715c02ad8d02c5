/** What carries threads from one home to another, in one module: it is loaded when the first thread is carried. */
export { bringStored } from "./bringStored.js";
export { toCheckedBundle } from "./checkBundle.js";
export { collectBundle } from "./collectBundle.js";
export { exportThread } from "./exportThread.js";
export { importThread } from "./importThread.js";
export { restoreFacts } from "./restoreCarried.js";
