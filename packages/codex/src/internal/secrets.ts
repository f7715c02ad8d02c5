import { formsOf } from "./secretForms.js";
import { MIN_SECRET_LENGTH } from "./secretNames.js";
import { findCredentials, type TextRange } from "./secretShapes.js";

export { isPath, isSecretName, secretValuesOf } from "./secretNames.js";
export { isSecretQuery } from "./secretShapes.js";

const MASK = "[masked]";
/** Number of values that `add` keeps; the oldest is dropped first. */
const MAX_ADDED = 256;
/** Number of characters behind its limit in which a cut text is searched, so that a secret at the cut is seen whole. */
const MIN_LOOKAHEAD = 2048;
/** Far deeper than any runtime nests; without a bound, deep nesting could exhaust the stack. */
const MAX_DEPTH = 256;

/**
 * Masks the secrets of one client in every text that the SDK shows: the values that the client knows,
 * whatever their shape, and what has the shape of a credential.
 */
export class SecretMasker {
  readonly #kept = new Set<string>();
  readonly #added = new Set<string>();
  #forms: readonly string[] | undefined;

  /** `values` are masked as long as the masker lives. */
  constructor(values: Iterable<string> = []) {
    this.keep(values);
  }

  /** Masks these values from now on, as long as the masker lives. Values of fewer than 8 characters are ignored. */
  keep(values: Iterable<string>): void {
    for (const value of values) if (value.length >= MIN_SECRET_LENGTH) this.#kept.add(value);
    this.#forms = undefined;
  }

  /** Masks a value that turned up later, such as a refreshed token. The last 256 of them are masked. */
  add(value: string): void {
    if (value.length < MIN_SECRET_LENGTH) return;
    this.#added.delete(value);
    this.#added.add(value);
    const [oldest] = this.#added;
    if (this.#added.size > MAX_ADDED && oldest !== undefined) this.#added.delete(oldest);
    this.#forms = undefined;
  }

  /**
   * Returns `text` with its secrets masked, cut to its first `limit` characters. The cost depends on the
   * limit, not on the text, and a secret that the cut divides is masked.
   */
  mask(text: string, limit: number = text.length): string {
    const forms = this.#knownForms();
    const lookahead = Math.max(MIN_LOOKAHEAD, forms[0]?.length ?? 0);
    const searched = limit < text.length ? text.slice(0, limit + lookahead) : text;
    const ranges = findCredentials(searched);
    for (const form of forms) addMentions(ranges, searched, form);
    return replaceRanges(searched, Math.min(limit, text.length), ranges);
  }

  /** Returns a copy of plain data in which every text is masked, and so is a part that is nested too deep. */
  maskIn<T>(data: T): T {
    // SAFETY: the copy has the same members, and each text in it is still a text.
    return this.#maskValue(data, 0) as T;
  }

  #maskValue(data: unknown, depth: number): unknown {
    if (typeof data === "string") return this.mask(data);
    if (typeof data !== "object" || data === null) return data;
    if (depth > MAX_DEPTH) return MASK;
    if (Array.isArray(data)) return data.map((one: unknown) => this.#maskValue(one, depth + 1));
    return Object.fromEntries(
      Object.entries(data).map(([key, member]) => [key, this.#maskValue(member, depth + 1)]),
    );
  }

  /** The longest first. */
  #knownForms(): readonly string[] {
    this.#forms ??= [...new Set([...this.#kept, ...this.#added].flatMap(formsOf))].toSorted(
      (a, b) => b.length - a.length,
    );
    return this.#forms;
  }
}

function addMentions(ranges: TextRange[], text: string, value: string): void {
  // From the next character on: two mentions may overlap.
  for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + 1)) {
    const start = at;
    // A value such as "abab" overlaps with itself again and again: compared once more for each step,
    // a long one would take the square of the time.
    const step = text.startsWith(value, at + 1) ? 1 : text.indexOf(value, at + 1) - at;
    if (step > 0 && step <= value.length / 2) {
      const unit = value.slice(value.length - step);
      while (text.startsWith(unit, at + value.length)) at += step;
    }
    ranges.push({ start, end: at + value.length });
  }
}

/** Ranges that overlap are masked as one, so that nothing of a secret within or across another stays. */
function replaceRanges(text: string, limit: number, ranges: readonly TextRange[]): string {
  const pieces: string[] = [];
  let shown = 0;
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
    if (start >= limit) break;
    if (start >= shown) pieces.push(text.slice(shown, start), MASK);
    shown = Math.max(shown, end);
  }
  if (shown < limit) pieces.push(text.slice(shown, limit));
  return pieces.join("");
}
