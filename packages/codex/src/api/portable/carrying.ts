// The parts that carry threads from one home to another, loaded together when the first thread is carried.
export { bringStored } from "./bringStored.js";
export { toCheckedBundle } from "./checkBundle.js";
export { collectBundle } from "./collectBundle.js";
export { exportThread } from "./exportThread.js";
export { importThread } from "./importThread.js";
export { restoreFacts } from "./restoreCarried.js";
