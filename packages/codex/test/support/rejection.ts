/** Returns the reason of a rejected promise. Throws when the promise resolves. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  const value = await promise.then(
    (result) => ({ result }),
    (reason: unknown) => ({ reason }),
  );
  if ("reason" in value) return value.reason;
  throw new Error(`expected a rejection, got ${JSON.stringify(value.result)}`);
}
