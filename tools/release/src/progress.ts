/** Part of a long task that is done. */
export interface Share {
  readonly done: number;
  /** In the unit of `done`: packages or bytes. */
  readonly total: number;
}

/** Receives a line about a long task, with the part that is done before it. */
export type OnProgress = (message: string, share?: Share) => void;
