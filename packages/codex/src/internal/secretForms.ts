/** A line of a longer secret that is masked by itself, such as one of a private key. */
const MIN_LINE_LENGTH = 16;
/** A shorter piece of base64 may be a word. */
const MIN_BASE64_LENGTH = 10;

/**
 * Returns the spellings in which a value turns up: as it is, in JSON, in a URL or a form, in base64 (by
 * itself, or behind a user name), and each line of a long one.
 */
export function formsOf(value: string): string[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  return [
    value,
    ...jsonForms(value),
    ...urlForms(value),
    ...base64Forms(value),
    ...(lines.length > 1 ? lines.filter((line) => line.length >= MIN_LINE_LENGTH) : []),
  ];
}

/** JSON, JSON in JSON, and what writers of JSON may escape beyond that. */
function jsonForms(value: string): string[] {
  const json = inJson(value);
  const ascii = json.replaceAll(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return [json, inJson(json), ascii, json.replaceAll("/", "\\/")];
}

function inJson(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

/** Writers of URLs differ in the characters that they encode, and in the case of the digits. */
function urlForms(value: string): string[] {
  // A lone surrogate cannot stand in a URL.
  const url = encodeURIComponent(value.replaceAll(/\p{Surrogate}/gu, ""));
  const strict = url.replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const form = strict.replaceAll("%2A", "*").replaceAll("~", "%7E").replaceAll("%20", "+");
  return [url, strict, form].flatMap((text) => [
    text,
    text.replaceAll(/%../g, (code) => code.toLowerCase()),
  ]);
}

/** The base64 of a text has one of three forms in a longer text, by the number of the bytes before it. */
function base64Forms(value: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.from(" ".repeat(before) + value);
    // The first and the last characters depend on the bytes beside the value, too.
    const start = Math.ceil((before * 4) / 3);
    const end = Math.floor((bytes.length * 4) / 3);
    const base64 = bytes.toString("base64").slice(start, end);
    if (base64.length < MIN_BASE64_LENGTH) return [];
    return [base64, base64.replaceAll("+", "-").replaceAll("/", "_")];
  });
}
