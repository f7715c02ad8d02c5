/** Licences that an installed package may have. */
export const ALLOWED: readonly string[] = [
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MPL-2.0",
  "Python-2.0",
  "Unlicense",
  "WTFPL",
];

/** Packages whose manifest names its licence in a file, with the licence in that file. */
const READ_BY_HAND: Readonly<Record<string, string>> = { spawndamnit: "MIT" };

/** Output of `pnpm licenses list --json`: packages by their licence. */
export type PackagesByLicence = Readonly<
  Record<string, readonly { readonly name: string; readonly versions: readonly string[] }[]>
>;

/** Lists the packages whose licence is not allowed. */
export function licenceProblems(byLicence: PackagesByLicence): string[] {
  return Object.entries(byLicence).flatMap(([licence, packages]) =>
    packages
      .filter(({ name }) => !isAllowed(READ_BY_HAND[name] ?? licence))
      .map(({ name, versions }) => `${name}@${versions.join(", ")}: licence ${licence}`),
  );
}

/** Returns whether one side of each OR and both sides of each AND of an SPDX expression are allowed. */
function isAllowed(expression: string): boolean {
  return expression
    .replaceAll(/[()]/gu, "")
    .split(" AND ")
    .every((part) => part.split(" OR ").some((licence) => ALLOWED.includes(licence.trim())));
}
