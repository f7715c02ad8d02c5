/** To mask shorter values would mask ordinary words. */
export const MIN_SECRET_LENGTH = 8;

/** Words of a name that stand for a credential, whatever its value looks like. */
const STRONG_WORDS: ReadonlySet<string> = wordsOf(
  "token tokens secret secrets password passwords passwd passphrase authorization bearer",
  "jwt accesstoken",
);
/** Words that may also stand for the file that holds the credential. */
const WEAK_WORDS: ReadonlySet<string> = wordsOf(
  "key keys apikey apikeys credential credentials creds pat dsn",
);
/** Words that stand for a credential only behind another word: `PWD` is a folder. */
const LAST_WORDS: ReadonlySet<string> = wordsOf("pass pwd auth");
/** Last words of a name that is about a credential, and does not hold it. */
const ABOUT_WORDS: ReadonlySet<string> = wordsOf(
  "file path dir directory folder sock socket url uri endpoint name type kind mode method",
  "store storage backend helper id count limit size length ttl timeout expiry env var",
  "parallelism",
);

const PATH = /^(?:~?\/|\.{1,2}\/|[A-Za-z]:[\\/])[\w./\\ -]*$/;
const URL_USER = /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s/@]+)@/i;

/**
 * Returns whether a variable or setting of this name is likely to hold a credential. The words of the
 * name count, not its letters: `API_KEY` and `apiKey` do, `KEYBOARD_LAYOUT` and `MONKEY` do not.
 */
export function isSecretName(name: string): boolean {
  return secretWordOf(name) !== undefined;
}

/** Returns the values of an environment that must never be shown. */
export function secretValuesOf(env: NodeJS.ProcessEnv): string[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const password = URL_USER.exec(value)?.[1];
    const known = password === undefined ? [] : [password, decoded(password)];
    return [...(isSecret(name, value) ? [value] : []), ...known].filter(
      (secret) => secret.length >= MIN_SECRET_LENGTH,
    );
  });
}

function isSecret(name: string, value: string): boolean {
  const word = secretWordOf(name);
  if (word === undefined || /^\d{1,15}$/.test(value)) return false;
  return STRONG_WORDS.has(word) || !PATH.test(value);
}

function secretWordOf(name: string): string | undefined {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== "");
  const last = words.at(-1) ?? "";
  if (ABOUT_WORDS.has(last)) return undefined;
  return (
    words.find((word) => STRONG_WORDS.has(word)) ??
    words.find((word) => WEAK_WORDS.has(word)) ??
    (words.length > 1 && LAST_WORDS.has(last) ? last : undefined)
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not an encoded text: it is known as it stands.
    return text;
  }
}

function wordsOf(...lists: readonly string[]): ReadonlySet<string> {
  return new Set(lists.join(" ").split(" "));
}
