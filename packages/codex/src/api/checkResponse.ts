import { CodexProtocolError } from "../errors.js";
import { isObject } from "../internal/isObject.js";

/**
 * Returns a response as an object whose members are still unchecked.
 *
 * @throws CodexProtocolError when it is not an object.
 */
export function toResponseObject(
  method: string,
  response: unknown,
): Readonly<Record<string, unknown>> {
  if (isObject(response)) return response;
  throw new CodexProtocolError(
    `the response to ${method} is not an object; use the runtime version that this SDK is made for.`,
  );
}
