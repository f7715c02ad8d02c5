import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** How many bytes of the heap are in use once all that nobody holds is gone. */
export function retainedHeap(): number {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function") throw new Error("this Node has no gc() to call");
  collect();
  return process.memoryUsage().heapUsed;
}
