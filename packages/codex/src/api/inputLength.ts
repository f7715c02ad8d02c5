import { InvalidOptionError } from "../errors.js";

/** The runtime's limit for all text of one input, in characters (code points). */
export const MAX_INPUT_CHARACTERS = 1_048_576;

/**
 * Checks the length of all text of one input, before anything of it is copied: it may have any size.
 *
 * @throws InvalidOptionError
 */
export function checkInputLength(name: string, texts: Iterable<string>): void {
  let characters = 0;
  let isExact = true;
  for (const text of texts) {
    // A code point has at most two units: a text of this length is too long, whatever it holds, and so is
    // one behind others that are too long already.
    if (text.length > 2 * MAX_INPUT_CHARACTERS || characters > MAX_INPUT_CHARACTERS) {
      characters += Math.ceil(text.length / 2);
      isExact = false;
    } else {
      for (const _character of text) characters += 1;
    }
  }
  if (characters <= MAX_INPUT_CHARACTERS) return;
  throw new InvalidOptionError(
    name,
    `has ${isExact ? "" : "at least "}${characters} characters of text, more than the ${MAX_INPUT_CHARACTERS} that the runtime accepts; write the text to a file and name that.`,
  );
}
