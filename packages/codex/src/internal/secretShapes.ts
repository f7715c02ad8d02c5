import { isSecretName, isSecretVariable } from "./secretNames.js";

/** A piece of a text, by offsets; `end` is the first offset behind it. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

const API_KEY = /\bsk-[A-Za-z0-9_-]{6,}/g;
/** Tokens of other services, which have a prefix that no word has. */
const PREFIXED_TOKEN =
  /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}|npm_[A-Za-z0-9]{30,}|hf_[A-Za-z0-9]{20,}|xox[abeprs]-[A-Za-z0-9-]{10,}|A[KS]IA[A-Z0-9]{16}\b|AIza[A-Za-z0-9_-]{35}|[sr]k_(?:live|test)_[A-Za-z0-9]{10,}|xapp-[A-Za-z0-9-]{10,}|ya29\.[A-Za-z0-9_-]{16,}|SG\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}|do[por]_v1_[a-f0-9]{32,})/g;
/** With the headers of an encrypted key, which stand before its data. */
const PRIVATE_KEY =
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:(?:\\r|\\n|\s){1,8}[A-Za-z-]{1,40}: [^\n\\]{0,200}){0,8}[A-Za-z0-9+/=\s\\]*/g;
/** Addresses that are a credential as a whole. */
const WEBHOOK =
  /\b(?:hooks\.slack\.com\/(?:services|workflows|triggers)|discord(?:app)?\.com\/api\/webhooks)\/([A-Za-z0-9/_-]{16,})/g;
/** A variable with its value, as `env` prints it, and not with the name of another variable. */
const VARIABLE = /\b([A-Z][A-Z0-9_]{2,63})=([^\s"',;&$%{<[][^\s"',;&]{5,})/g;
const COOKIE = /\b(?:set-)?cookie\\{0,4}["']?\s{0,16}:\s{0,16}\\{0,4}["']?([^\s"'\\]{8,})/gi;
const URL_PASSWORD = /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@?#"']{0,256}:([^\s/@"']{1,256})(?=@)/gi;
/** A token in the place of a user name, as Git services take it. */
const URL_USER = /\bhttps?:\/\/([^\s/:@?#"']{6,256})(?=@)/gi;
const DOTTED_RUN = /[A-Za-z0-9_.-]+/g;
const QUERY_VALUE = /[?&]([\w.~-]{1,64})=([^\s&"'#]{6,})/g;
/** Names of query parameters with a credential, beside those of variables. */
const QUERY_NAME = /^(?:sig|code|auth|pass|pwd)$|signature$/i;
const BASIC = /\bBasic\s{1,16}([A-Za-z0-9+/]{8,}={0,2})/g;
const LONG_PART = /[A-Za-z0-9]{6,}/g;
const JWT_START = /\beyJ[A-Za-z0-9_-]{8}/;
const BEARER = /\bBearer\s{1,16}([A-Za-z0-9._~+/=-]{6,})/gi;
const AUTHORIZATION =
  /\bauthorization\\{0,4}["']?\s{0,16}[:=]\s{0,16}\\{0,4}["']?(?:[A-Za-z]{3,16}\s{1,16})?([^\s"',;\\]{6,})/gi;
const ASSIGNMENT =
  /(?:api[_-]?key|(?:access|refresh|id|auth|session)[_-]?token|client[_-]?secret|secret[_-]?(?:access[_-]?)?key|(?:private|account|shared[_-]?access)[_-]?key|passw(?:or)?d|passphrase)\\{0,4}["']?\s{0,16}([:=])\s{0,16}(\\{0,4})(["']?)/gi;

/** A quoted value, one in a text that is quoted itself, and one without quotes. */
const QUOTED = /(?:\\[^\s]|[^"'\\\s]){6,}/y;
const ESCAPED = /[^"'\\\s]{6,}/y;
const BARE = /[^\s"',;}&]{6,}/y;

/**
 * Finds what has the shape of a credential: keys and tokens by their prefixes, JSON web tokens, bearer
 * tokens, passwords in URLs, and values of members and variables that are named like one. Prose that
 * only mentions them ("bearer authentication", "password: wrong-format") is left out.
 *
 * The time is linear in the length of the text: each pattern is bounded, or consumes what it has read.
 */
export function findCredentials(text: string): TextRange[] {
  return [
    ...(text.includes("sk-") ? matches(text, API_KEY, isRandom) : []),
    ...matches(text, PREFIXED_TOKEN),
    ...matches(text, PRIVATE_KEY),
    ...matches(text, WEBHOOK),
    ...matches(text, COOKIE, (pair) => pair.includes("=")),
    ...(text.includes("://") ? matches(text, URL_PASSWORD) : []),
    ...(text.includes("://") ? matches(text, URL_USER, isRandom) : []),
    ...findNamedValues(text),
    ...matches(text, BASIC, isUserAndPassword),
    ...matches(text, BEARER, isLikelySecret),
    ...findAuthorizations(text),
    ...(text.includes("eyJ") ? findJsonWebTokens(text) : []),
    ...findAssignedValues(text),
  ];
}

/** Returns the ranges of a pattern's first group, or of the whole match if the pattern has no group. */
function matches(
  text: string,
  pattern: RegExp,
  isAccepted: (value: string) => boolean = () => true,
): TextRange[] {
  const ranges: TextRange[] = [];
  for (const { 0: whole, 1: value = whole, index } of text.matchAll(pattern)) {
    const end = index + whole.length;
    if (isAccepted(value)) ranges.push({ start: end - value.length, end });
  }
  return ranges;
}

/** Finds the values of query parameters and variables that are named like a credential. */
function findNamedValues(text: string): TextRange[] {
  if (!text.includes("=")) return [];
  return [
    ...namedValues(text, QUERY_VALUE, (name) => isSecretQuery(name)),
    ...namedValues(text, VARIABLE, (name, value) => isSecretVariable(name, value)),
  ];
}

/** Returns whether a query parameter of this name holds a credential. */
export function isSecretQuery(name: string): boolean {
  return QUERY_NAME.test(name) || isSecretName(name);
}

function namedValues(
  text: string,
  pattern: RegExp,
  isSecret: (name: string, value: string) => boolean,
): TextRange[] {
  const ranges: TextRange[] = [];
  for (const { 0: whole, 1: name = "", 2: value = "", index } of text.matchAll(pattern)) {
    const end = index + whole.length;
    if (isSecret(name, value)) ranges.push({ start: end - value.length, end });
  }
  return ranges;
}

/** Returns whether a text is the base64 of a user name and a password, as `Basic` sends them. */
function isUserAndPassword(base64: string): boolean {
  return /^[\x20-\x39\x3b-\x7e]*:[\x20-\x7e]+$/.test(
    Buffer.from(base64, "base64").toString("latin1"),
  );
}

/** In a header every value counts. In a sentence, where another word follows, only one that looks like a secret does. */
function findAuthorizations(text: string): TextRange[] {
  return matches(text, AUTHORIZATION).filter(
    ({ start, end }) =>
      isLikelySecret(text.slice(start, end)) || !/^\s{1,16}[a-z]/i.test(text.slice(end, end + 18)),
  );
}

/** Two or three parts with dots between, the first of which is base64 of a JSON object. */
function findJsonWebTokens(text: string): TextRange[] {
  const ranges: TextRange[] = [];
  for (const { 0: run, index } of text.matchAll(DOTTED_RUN)) {
    const parts = run.split(".");
    let start = index;
    let covered = index;
    for (const [i, part] of parts.entries()) {
      const offset = start < covered ? -1 : part.search(JWT_START);
      if (offset !== -1 && (parts[i + 1] ?? "") !== "") {
        covered =
          start +
          parts
            .slice(i, i + 3)
            .join(".")
            .replace(/\.$/, "").length;
        ranges.push({ start: start + offset, end: covered });
      }
      start += part.length + 1;
    }
  }
  return ranges;
}

function findAssignedValues(text: string): TextRange[] {
  const ranges: TextRange[] = [];
  const pattern = new RegExp(ASSIGNMENT);
  for (let head = pattern.exec(text); head !== null; head = pattern.exec(text)) {
    const [whole, sign, escapes, quote] = head;
    const value = new RegExp(quote === "" ? BARE : escapes === "" ? QUOTED : ESCAPED);
    value.lastIndex = head.index + whole.length;
    const start = value.lastIndex;
    const found = value.exec(text)?.[0];
    if (found === undefined) continue;
    const end = start + found.length;
    pattern.lastIndex = end;
    // Quoted words in a row are a sentence. Without quotes, a colon is mostly followed by one, too.
    const isData = quote === "" ? sign === "=" : !/\s/.test(text.charAt(end));
    if (isData || isLikelySecret(found)) ranges.push({ start, end });
  }
  return ranges;
}

/** Returns whether a token has a part that no word is: letters and digits mixed, or a very long one. */
function isRandom(token: string): boolean {
  for (const [part] of token.matchAll(LONG_PART)) {
    if (part.length >= 20 || (/[0-9]/.test(part) && /[A-Za-z]/.test(part))) return true;
  }
  return false;
}

/** Returns whether a text has the look of a secret: letters and digits mixed, or very long. */
export function isLikelySecret(token: string): boolean {
  return isRandom(token) || (token.length >= 8 && /[0-9]/.test(token));
}
