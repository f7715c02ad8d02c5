/** To mask shorter values would mask ordinary words. */
export const MIN_SECRET_LENGTH = 8;

/** Words of a name that stand for a credential, whatever its value looks like. */
const STRONG_WORDS: ReadonlySet<string> = wordsOf(
  "token tokens secret secrets password passwords passwd passphrase authorization bearer",
  "jwt cookie cookies",
);
/** Words that may also stand for the file that holds the credential. */
const WEAK_WORDS: ReadonlySet<string> = wordsOf("key keys credential credentials creds pat dsn");
/** Words that stand for a credential only behind another word: `PWD` is a folder. */
const LAST_WORDS: ReadonlySet<string> = wordsOf("pass pwd auth");
/** Ends of a word that is written without its break, such as `PGPASSWORD` or `githubtoken`. */
const STRONG_END = /(?:password|passwd|passphrase|secret|secrets|token|tokens|sshpass)$/;
const WEAK_END = /(?:api|secret|access|private|account|master|encryption|signing|auth)keys?$/;
/** Last words of a name that is about a credential, and does not hold it. */
const ABOUT_WORDS: ReadonlySet<string> = wordsOf(
  "file path dir directory folder sock socket url uri endpoint name type kind mode method",
  "store storage backend helper id count limit size length ttl timeout expiry env var",
  "parallelism",
);

const PATH = /^(?:~?\/|\.{1,2}\/|[A-Za-z]:[\\/])[\w./\\ -]*$/;
const URL_USER = /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@]*:([^\s/@]+)@/gi;
/** A password that was not encoded may have the characters that end one. */
const LONG_URL_USER = /^\s*[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:(\S+)@/i;
/** A token in the place of the user name. */
const URL_TOKEN = /\b[a-z][a-z0-9+.-]{0,20}:\/\/([^\s/:@]{8,})@/gi;

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
    const known = urlSecretsOf(value).flatMap((secret) => [secret, decoded(secret)]);
    const secrets = new Set([...(isSecretVariable(name, value) ? [value] : []), ...known]);
    return [...secrets].filter((secret) => secret.length >= MIN_SECRET_LENGTH);
  });
}

function urlSecretsOf(value: string): string[] {
  if (!value.includes("://")) return [];
  const long = LONG_URL_USER.exec(value)?.[1];
  const tokens = Array.from(value.matchAll(URL_TOKEN), ([, token = ""]) => token);
  return [
    ...Array.from(value.matchAll(URL_USER), ([, password = ""]) => password),
    ...tokens.filter((token) => /\d/.test(token) && /[A-Za-z]/.test(token)),
    ...(long === undefined ? [] : [long]),
  ];
}

/** Returns whether a variable of this name and value holds a credential, and not a number or the path of one. */
export function isSecretVariable(name: string, value: string): boolean {
  const word = secretWordOf(name);
  if (word === undefined || /^\d{1,15}$/.test(value)) return false;
  return isStrong(word) || !isPath(value);
}

/** Returns whether a value is the path of a file, which may be shown. */
export function isPath(value: string): boolean {
  return PATH.test(value);
}

function isStrong(word: string): boolean {
  return STRONG_WORDS.has(word) || STRONG_END.test(word);
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
    words.find(isStrong) ??
    words.find((word) => WEAK_WORDS.has(word) || WEAK_END.test(word)) ??
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
