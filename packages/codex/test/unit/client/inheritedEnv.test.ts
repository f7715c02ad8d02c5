import { describe, expect, it } from "vitest";

import { inheritedEnv } from "../../../src/client/inheritedEnv.js";

const ENV = {
  PATH: "/bin",
  HOME: "/home",
  LC_ALL: "C",
  DATABASE_URL: "postgres://x",
  GOPATH: "/go",
};

describe("the variables that the runtime takes over", () => {
  it("are all of them for true", () => {
    expect(inheritedEnv(ENV, true, "linux")).toEqual(ENV);
  });

  it("are the base set for false", () => {
    expect(inheritedEnv(ENV, false, "linux")).toEqual({ PATH: "/bin", HOME: "/home", LC_ALL: "C" });
  });

  it("are the base set and the named ones for a list", () => {
    expect(inheritedEnv(ENV, ["GOPATH", "ABSENT"], "linux")).toEqual({
      PATH: "/bin",
      HOME: "/home",
      LC_ALL: "C",
      GOPATH: "/go",
    });
  });

  it("are compared without letter case on Windows, and include what programs need there", () => {
    const env = { Path: "C:\\", SystemRoot: "C:\\Windows", GoPath: "C:\\go", SECRET: "x" };

    expect(inheritedEnv(env, ["gopath"], "win32")).toEqual({
      Path: "C:\\",
      SystemRoot: "C:\\Windows",
      GoPath: "C:\\go",
    });
    expect(inheritedEnv({ path: "/x", SYSTEMROOT: "x" }, false, "linux")).toEqual({});
  });
});
