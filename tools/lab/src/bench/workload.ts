/** Numbers of one round by name: milliseconds, events, bytes. */
export type Measures = Readonly<Record<string, number>>;

/** Work of one party, in a process of its own. */
export interface Workload {
  /** Runs the work once. */
  round(): Promise<Measures>;
  close(): Promise<void>;
}

/** Prepares a workload for the party and arguments of the worker's command line. */
export type StartWorkload = (party: string, args: readonly string[]) => Promise<Workload>;

/** Message from the bench to a worker. */
export type WorkerRequest = "round" | "close";

/** Message from a worker to the bench. */
export type WorkerReply =
  | { readonly kind: "ready" }
  | { readonly kind: "round"; readonly measures: Measures }
  | { readonly kind: "error"; readonly message: string };
