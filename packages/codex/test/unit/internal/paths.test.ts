import { resolve } from "node:path";

import { describe, expect, it } from "vitest";

import { checkRemotePath, toLocalPath } from "../../../src/internal/paths.js";

describe("a path on the machine of a runtime that may be another one", () => {
  it("is returned as it is when it is absolute on any system", () => {
    for (const path of ["/no/such.png", "C:\\no\\such.png"])
      expect(checkRemotePath("p", path)).toBe(path);
  });

  it("is refused when it is relative, with the reason", () => {
    expect(() => checkRemotePath("p", "a.png")).toThrow(
      /^p: "a\.png" is a relative path.*another machine.*absolute path/,
    );
  });
});

describe("a path on this machine", () => {
  it("counts from the given folder, or else from the working directory of this process", () => {
    expect([
      toLocalPath("p", "a/../b", "/base"),
      toLocalPath("p", "b"),
      toLocalPath("p", "/c/"),
    ]).toEqual([resolve("/base/b"), resolve("b"), resolve("/c")]);
  });
});
