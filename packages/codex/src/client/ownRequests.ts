import { hostTimers } from "../internal/timers.js";
import type { DispatchOptions } from "../rpc/requestOptions.js";

/** Limit of a request of the SDK that no caller has limited: a silent runtime must not hold its slot for good. */
export const OWN_LIMIT = {
  timeoutMs: 10_000,
  timers: hostTimers,
} as const satisfies DispatchOptions;

/** Sends a request of the SDK. */
export type Dispatch = (
  method: string,
  params: unknown,
  options: DispatchOptions,
) => Promise<unknown>;
