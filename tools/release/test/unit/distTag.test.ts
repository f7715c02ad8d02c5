import { expect, test } from "vitest";

import { parseCodexVersion } from "../../src/version/codexVersion.js";
import { checkDistTag, distTagOf } from "../../src/version/distTag.js";

test.each([
  ["0.116.0", [], "latest"],
  ["0.116.0", ["0.115.0", "0.116.0"], "latest"],
  ["0.116.0", ["0.115.0", "0.117.0-alpha.3"], "latest"],
  ["0.116.0", ["0.118.0-linux-x64", "1.0.0-sdk.4"], "latest"],
  ["0.115.4", ["0.115.3", "0.116.0"], "release-0.115"],
  ["0.116.0-alpha.1", ["0.116.0"], "alpha"],
  ["0.116.0-alpha.1.2", [], "alpha"],
  ["0.116.0-beta.1", [], "beta"],
  ["0.116.0-rc.1", [], "rc"],
])("publishes %s after %j as %s", (version, published, expected) => {
  expect(distTagOf(parseCodexVersion(version), published)).toBe(expected);
});

test.each([
  ["alpha", "1.3.0-canary.1", "1.2.0-alpha.1", "alpha-1.2"],
  ["latest", "2.0.0", "1.2.0", "release-1.2"],
  // npm gives latest to the very first version of a package, whatever it is.
  ["latest", "2.0.0-sdk.1", "1.2.0", "latest"],
  ["alpha", "1.2.0-alpha.1-linux-x64", "1.2.0-alpha.1", "alpha-1.2"],
  ["alpha", "not a version", "1.2.0-alpha.1", "alpha"],
])(
  "a %s that is at %s, of whatever scheme, does not move back to %s",
  (tag, held, text, expected) => {
    const version = parseCodexVersion(text);
    const tags = new Map([[tag, held]]);
    expect(distTagOf(version, [], tags)).toBe(expected);
  },
);

test("refuses a dist-tag that reads as a version range", () => {
  const version = parseCodexVersion("0.116.0");
  for (const tag of ["0.116.0", "v1", "1.x", "", "x", "a b", "../a"]) {
    expect(() => checkDistTag(tag, version)).toThrow("cannot be a dist-tag");
  }
  expect(checkDistTag("next", version)).toBe("next");
});

test("refuses to make a prerelease the default of every install", () => {
  expect(() => checkDistTag("latest", parseCodexVersion("0.116.0-rc.1"))).toThrow(
    'The prerelease 0.116.0-rc.1 cannot be published as "latest"',
  );
});
