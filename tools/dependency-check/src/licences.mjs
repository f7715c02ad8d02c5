/** Licences that a development tool may have; the published packages have no dependency but each other. */
export const ALLOWED = [
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

/** Packages whose manifest names its licence in a file, with the licence that was read there. */
const READ_BY_HAND = { spawndamnit: "MIT" };

/** What is wrong with the licences of `pnpm licenses list --json`. */
export function licenceProblems(byLicence) {
  return Object.entries(byLicence).flatMap(([licence, packages]) =>
    packages
      .filter(({ name }) => !isAllowed(READ_BY_HAND[name] ?? licence))
      .map(({ name, versions }) => `${name}@${versions.join(", ")}: licence ${licence}`),
  );
}

/** An SPDX expression is allowed when one side of each OR, and both sides of each AND, are. */
function isAllowed(expression) {
  return expression
    .replaceAll(/[()]/g, "")
    .split(" AND ")
    .every((part) => part.split(" OR ").some((licence) => ALLOWED.includes(licence.trim())));
}
