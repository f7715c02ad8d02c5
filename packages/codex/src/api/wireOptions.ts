import type { RequestOptions } from "../rpc/requestOptions.js";

/** The optional members of a wire method's params, as options: a member that is left out is not sent. */
export type WireOptions<Params, Hidden extends PropertyKey = never> = {
  readonly [Name in keyof Params as Exclude<Name, Hidden>]?: Params[Name] | undefined;
};

/** A type with its members' `undefined` removed: `definedOnly` has removed those members. */
export type Defined<T> = { [Name in keyof T]: Exclude<T[Name], undefined> };

/** Returns the object without the members that are `undefined`: on the wire they are absent. */
export function definedOnly<T extends object>(value: T): Defined<T> {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  // SAFETY: only members whose value is `undefined` were left out, which is what `Defined` states.
  return Object.fromEntries(entries) as Defined<T>;
}

/** Returns the options that are sent: without those of the request itself, and without `undefined`. */
export function withoutRequestOptions<T extends RequestOptions>(
  options: T,
): Defined<Omit<T, keyof RequestOptions>> {
  const { signal: _signal, timeoutMs: _timeoutMs, ...params } = options;
  return definedOnly(params);
}
