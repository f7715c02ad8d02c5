import { expect, test } from "vitest";

import { pathEntries, prependToPath } from "../src/environment.js";

test.each([
  ["no PATH", {}, { PATH: "/tools" }],
  ["an empty one", { PATH: "" }, { PATH: "/tools" }],
  ["one with empty entries", { PATH: ":/a::/b:" }, { PATH: "/tools:/a:/b" }],
  ["one that has the folder", { PATH: "/a:/tools:/b:/tools" }, { PATH: "/tools:/a:/b" }],
  ["another spelling first", { Path: "/x", PATH: "/a" }, { Path: "/x", PATH: "/tools:/a" }],
  ["another spelling only", { Path: "/x" }, { Path: "/x", PATH: "/tools" }],
])(
  "the tools' folder is first on the PATH of POSIX, which is PATH only: %s",
  (_, env, expected) => {
    expect(prependToPath(env, "/tools", "linux", ":")).toEqual(expected);
  },
);

test.each([
  ["Path", { Path: "C:\\x" }, { Path: "T:\\t;C:\\x" }],
  ["Path, with PATH beside it", { PATH: "C:\\y", Path: "C:\\x" }, { Path: "T:\\t;C:\\x" }],
  ["path, the last of several", { PATH: "C:\\y", path: "C:\\x" }, { path: "T:\\t;C:\\x" }],
  ["no variable at all", { Other: "1" }, { Other: "1", PATH: "T:\\t" }],
])(
  "Windows keeps exactly one PATH variable, in the spelling that it had: %s",
  (_, env, expected) => {
    expect(prependToPath(env, "T:\\t", "win32", ";")).toEqual(expected);
  },
);

test("the directories of the PATH are listed in order, without empty entries", () => {
  expect([
    pathEntries({ PATH: "/a::/b" }, "linux", ":"),
    pathEntries({ Path: "/a" }, "linux", ":"),
    pathEntries({ Path: "C:\\a;;D:\\b" }, "win32", ";"),
  ]).toEqual([["/a", "/b"], [], ["C:\\a", "D:\\b"]]);
});
