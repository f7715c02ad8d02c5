const MASK = "[masked]";

/** To mask shorter values would mask ordinary words. */
const MIN_SECRET_LENGTH = 8;

/**
 * Shapes of credentials that the runtime or a model provider may print. What a pattern looks at around
 * one place is bounded, so that no text, however it is made, costs more than its length.
 */
const SECRET_SHAPES: readonly RegExp[] = [
  /\bsk-[A-Za-z0-9_-]{6,}/g,
  /\beyJ[A-Za-z0-9_-]{8,1024}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)?/g,
  /(?<=\bBearer\s{1,16})[A-Za-z0-9._~+/=-]{6,}/gi,
  /(?<=["']?(?:api[_-]?key|access[_-]?token|refresh[_-]?token|id[_-]?token|client[_-]?secret|password)["']?\s{0,16}[:=]\s{0,16}["']?)[^\s"',}]{6,}/gi,
];

const SECRET_NAME = /key|token|secret|passw|credential|authorization/i;

/** What this process has handed over as a secret, whatever its shape; the oldest goes first. */
const notedSecrets = new Set<string>();
const MAX_NOTED = 256;

/** From now on, this value is masked wherever the SDK shows text. */
export function noteSecret(value: string): void {
  if (value.length < MIN_SECRET_LENGTH) return;
  notedSecrets.add(value);
  if (notedSecrets.size <= MAX_NOTED) return;
  const [oldest] = notedSecrets;
  if (oldest !== undefined) notedSecrets.delete(oldest);
}

/** Whether a variable or setting of this name is likely to hold a credential. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** The values of an environment that must never be shown. */
export function secretValuesOf(env: NodeJS.ProcessEnv): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && value.length >= MIN_SECRET_LENGTH && isSecretName(name) ? [value] : [],
  );
}

/** `text` with every known secret value, and whatever looks like a credential, masked. */
export function maskSecrets(text: string, knownValues: Iterable<string> = []): string {
  let masked = text;
  for (const value of notedSecrets) masked = masked.replaceAll(value, MASK);
  for (const value of knownValues) masked = masked.replaceAll(value, MASK);
  for (const shape of SECRET_SHAPES) masked = masked.replaceAll(shape, MASK);
  return masked;
}

/** Far beyond what any runtime writes; without a bound, a nest could exhaust the stack. */
const MAX_DEPTH = 256;

/** A copy of plain data in which every text is masked, and what is nested too deep for a look as a whole. */
export function maskSecretsIn<T>(data: T, depth?: number): T;
export function maskSecretsIn(data: unknown, depth = 0): unknown {
  if (typeof data === "string") return maskSecrets(data);
  if (typeof data !== "object" || data === null) return data;
  if (depth > MAX_DEPTH) return MASK;
  if (Array.isArray(data)) return data.map((member: unknown) => maskSecretsIn(member, depth + 1));
  return Object.fromEntries(
    Object.entries(data).map(([key, member]) => [key, maskSecretsIn(member, depth + 1)]),
  );
}
