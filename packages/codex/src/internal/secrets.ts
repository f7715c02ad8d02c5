const MASK = "[masked]";

/** Shapes of credentials that the runtime or a model provider may print. */
const SECRET_SHAPES: readonly RegExp[] = [
  /\bsk-[A-Za-z0-9_-]{6,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)?/g,
  /(?<=\bBearer\s+)[A-Za-z0-9._~+/=-]{6,}/gi,
  /(?<=["']?(?:api[_-]?key|access[_-]?token|refresh[_-]?token|id[_-]?token|client[_-]?secret|password)["']?\s*[:=]\s*["']?)[^\s"',}]{6,}/gi,
];

const SECRET_NAME = /key|token|secret|passw|credential|authorization/i;

/** Whether a variable or setting of this name is likely to hold a credential. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** The values of an environment that must never be shown; short ones would mask ordinary words. */
export function secretValuesOf(env: NodeJS.ProcessEnv): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && value.length >= 8 && isSecretName(name) ? [value] : [],
  );
}

/** `text` with every known secret value, and whatever looks like a credential, masked. */
export function maskSecrets(text: string, knownValues: Iterable<string> = []): string {
  let masked = text;
  for (const value of knownValues) masked = masked.replaceAll(value, MASK);
  for (const shape of SECRET_SHAPES) masked = masked.replaceAll(shape, MASK);
  return masked;
}
