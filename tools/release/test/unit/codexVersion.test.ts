import * as fc from "fast-check";
import semver from "semver";
import { describe, expect, test } from "vitest";

import { ReleaseError } from "../../src/releaseError.js";
import {
  compareCodexVersions,
  parseCodexVersion,
  tryParseCodexVersion,
} from "../../src/version/codexVersion.js";

const stable = { npm: "0.116.0", tag: "rust-v0.116.0", pep440: "0.116.0", prerelease: null };
const alpha = {
  npm: "0.116.0-alpha.1",
  tag: "rust-v0.116.0-alpha.1",
  pep440: "0.116.0a1",
  prerelease: "alpha",
};
const beta = {
  npm: "0.116.0-beta.2",
  tag: "rust-v0.116.0-beta.2",
  pep440: "0.116.0b2",
  prerelease: "beta",
};
const candidate = {
  npm: "0.116.0-rc.3",
  tag: "rust-v0.116.0-rc.3",
  pep440: "0.116.0rc3",
  prerelease: "rc",
};
const hotfix = {
  npm: "0.116.0-alpha.1.2",
  tag: "rust-v0.116.0-alpha.1.2",
  pep440: "0.116.0a1.post2",
  prerelease: "alpha",
};

describe("parseCodexVersion", () => {
  test.each([
    ["0.116.0", stable],
    ["v0.116.0", stable],
    ["rust-v0.116.0", stable],
    ["0.116.0-alpha.1", alpha],
    ["0.116.0-alpha1", alpha],
    ["0.116.0a1", alpha],
    ["v0.116.0-alpha.1", alpha],
    ["rust-v0.116.0-alpha.1", alpha],
    ["0.116.0-beta.2", beta],
    ["0.116.0-beta2", beta],
    ["0.116.0b2", beta],
    ["rust-v0.116.0-beta.2", beta],
    ["0.116.0-rc.3", candidate],
    ["0.116.0-rc3", candidate],
    ["0.116.0rc3", candidate],
    ["rust-v0.116.0-rc.3", candidate],
    ["0.116.0-alpha.1.2", hotfix],
    ["rust-v0.116.0-alpha.1.2", hotfix],
    ["0.116.0a1.post2", hotfix],
  ])("reads %s", (input, expected) => {
    expect(parseCodexVersion(input)).toEqual(expected);
  });

  test.each([
    "",
    " ",
    "0",
    "0.116",
    "0.116.0.1",
    "0.116.0+build",
    "0.116.0-alpha.1+build",
    " 0.116.0",
    "0.116.0 ",
    "0.116.0\n",
    "0. 116.0",
    "00.116.0",
    "0.0116.0",
    "0.116.00",
    "0.116.0-alpha.01",
    "0.116.0a01",
    "0.116.0-alpha.1.02",
    "0.116.0-linux-x64",
    "0.116.0-alpha.1-linux-x64",
    "0.116.0-alpha",
    "0.116.0-beta",
    "0.116.0-rc",
    "0.116.0a",
    "0.116.0-preview.1",
    "0.116.0-ALPHA.1",
    "0.116.0c1",
    "0.116.0-a.1",
    "0.116.0-b.1",
    "0.116.0.post1",
    "0.116.0.dev1",
    "0.116.0b1.post2",
    "0.116.0-beta.1.2",
    "0.116.0-alpha.1.2.3",
    "0.116.0-1",
    "1!0.116.0",
    "V0.116.0",
    "rust-0.116.0",
    "rust-vv0.116.0",
    "rust-v",
    "latest",
    "^0.116.0",
    "0.116.x",
    "rust-v0.116.0a1",
    "0.99999999999999999.0",
    "0.116.0-alpha.99999999999999999",
    "0.１16.0",
  ])("refuses %j with the value and the accepted forms", (input) => {
    expect(tryParseCodexVersion(input)).toBeNull();
    expect(() => parseCodexVersion(input)).toThrow(ReleaseError);
    expect(() => parseCodexVersion(input)).toThrow(
      `${JSON.stringify(input)} is not a Codex version. Accepted: 0.116.0, v0.116.0 or rust-v0.116.0;`,
    );
  });

  const number = fc.oneof(fc.nat(200), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }));
  const version = fc
    .record({
      core: fc.tuple(number, number, number),
      label: fc.constantFrom("alpha", "beta", "rc", null),
      serial: number,
      hotfix: fc.option(number),
    })
    .map(({ core, label, serial, hotfix: extra }) => {
      if (label === null) return core.join(".");
      return `${core.join(".")}-${label}.${serial}${label === "alpha" && extra !== null ? `.${extra}` : ""}`;
    });

  test("reads every form that it writes as the same version", () => {
    fc.assert(
      fc.property(version, (npm) => {
        const parsed = parseCodexVersion(npm);
        expect(parsed.npm).toBe(npm);
        expect(semver.valid(npm)).toBe(npm);
        const undotted = npm.replace(/^([^-]+-[a-z]+)\.(\d+)$/, "$1$2");
        for (const form of [parsed.npm, `v${parsed.npm}`, parsed.tag, parsed.pep440, undotted]) {
          expect(parseCodexVersion(form)).toEqual(parsed);
        }
      }),
    );
  });

  test("gives different versions different names in every form", () => {
    fc.assert(
      fc.property(version, version, (left, right) => {
        fc.pre(left !== right);
        const [a, b] = [parseCodexVersion(left), parseCodexVersion(right)];
        expect([a.npm === b.npm, a.tag === b.tag, a.pep440 === b.pep440]).toEqual([
          false,
          false,
          false,
        ]);
      }),
    );
  });
});

test("orders versions as npm does", () => {
  const sorted = [
    "0.115.9",
    "0.116.0a2",
    "0.116.0a2.post1",
    "0.116.0a10",
    "0.116.0b1",
    "0.116.0rc1",
    "0.116.0",
  ];
  expect(
    sorted
      .toReversed()
      .map(parseCodexVersion)
      .toSorted(compareCodexVersions)
      .map(({ pep440 }) => pep440),
  ).toEqual(sorted);
});
