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
