/**
 * Invalid calls that are not refused yet, by entrance. An entry that has become unnecessary fails the
 * test of public arguments. The list must become empty.
 */
export const NOT_YET: Readonly<Record<string, readonly string[]>> = {};
