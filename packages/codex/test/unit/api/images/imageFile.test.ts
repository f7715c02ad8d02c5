import fs, { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import { checkFile, checkImageFile } from "../../../../src/api/images/imageFile.js";
import { IMAGES, OTHER_FILES } from "../../../support/images.js";

let folder: string;
const check = (path: string) => checkImageFile("input.path", path);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "codex-image-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, bytes: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

describe("an image file", () => {
  it.each(Object.entries(IMAGES))(
    "is accepted by its bytes, whatever its name is: %s",
    (type, bytes) => {
      const path = fileOf(`${type.replace("/", "-")}.txt`, bytes);
      expect(check(path)).toBe(path);
    },
  );

  it("is returned with its absolute path when the path is relative", () => {
    const path = fileOf("a.png", IMAGES["image/png"]);
    expect(check(relative(process.cwd(), path))).toBe(path);
  });

  it.each(Object.entries(OTHER_FILES))("is refused by name for %s", (name, bytes) => {
    expect(() => check(fileOf("other.png", bytes))).toThrow(`the image is ${name}`);
  });

  it("is refused when it is empty or cut off", () => {
    expect(() => check(fileOf("empty.png", Buffer.alloc(0)))).toThrow("the image is empty");
    expect(() => check(fileOf("cut.png", IMAGES["image/png"].subarray(0, 40)))).toThrow("cut off");
  });

  it("is refused when it is a directory", () => {
    expect(() => check(folder)).toThrow(/is not a file; pass the path of a file/);
  });

  it.runIf(process.platform !== "win32")("is refused when its symbolic links form a loop", () => {
    const path = join(folder, "loop.png");
    symlinkSync(path, path);
    expect(() => check(path)).toThrow(/symbolic links form a loop \(ELOOP\)/);
  });

  it.each([
    ["does not exist", () => join(folder, "missing.png"), /does not exist.*\(ENOENT\)/],
    ["is below a file", () => join(fileOf("plain", Buffer.from("x")), "a.png"), /does not exist/],
    ["has a NUL character", () => "a\0.png", /NUL character/],
    ["is empty", () => "", /is empty; pass a path/],
    ["is base64 text", () => IMAGES["image/webp"].toString("base64").repeat(9), /imageInput\(\)/],
    ["is short base64 text", () => IMAGES["image/png"].toString("base64"), /imageInput\(\)/],
    ["is a data: URL", () => "data:image/png;base64,AAAA", /pass a data: URL with imageInput\(\)/],
    ["is a file: URL", () => "file:///a.png", /fileURLToPath/],
  ])("is refused with the remedy when the path %s", (_what, path, message) => {
    expect(() => check(path())).toThrow(
      expect.objectContaining({
        code: "INVALID_OPTION",
        option: "input.path",
        message: expect.stringMatching(message),
      }),
    );
  });
});

describe("a path that the system refuses", () => {
  afterEach(() => {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
  });

  const refusal = (code: string, syscall: string) =>
    Object.assign(new Error(`${code}: refused, ${syscall}`), { code, syscall });

  it.each([
    ["EACCES", /cannot be read; give this process permission.*\(EACCES\)/],
    ["EPERM", /cannot be read; give this process permission.*\(EPERM\)/],
    ["ENAMETOOLONG", /is too long for a path.*\(ENAMETOOLONG\)/],
    ["EIO", /cannot be read: EIO: refused, stat \(EIO\)/],
  ])("is reported with its code, and the error as the cause: %s", (code, message) => {
    const cause = refusal(code, "stat");
    vi.spyOn(fs, "statSync").mockImplementation(() => {
      throw cause;
    });
    syncBuiltinESMExports();

    expect(() => check("/a.png")).toThrow(
      expect.objectContaining({
        code: "INVALID_OPTION",
        option: "input.path",
        message: expect.stringMatching(message),
        cause,
      }),
    );
  });

  it("is refused with the remedy when it is relative to a directory that has been removed", () => {
    vi.spyOn(process, "cwd").mockImplementation(() => {
      throw refusal("ENOENT", "uv_cwd");
    });

    expect(() => check("a.png")).toThrow(
      /"a\.png" is a relative path.*no longer exists.*absolute path/,
    );
  });
});

describe("a file that is not an image", () => {
  it("is only required to exist", () => {
    const path = fileOf("SKILL.md", Buffer.from("---\n"));
    expect(checkFile("p", path, "skill")).toBe(path);
    expect(() => checkFile("p", join(folder, "no.md"), "skill")).toThrow(
      /the skill ".*no\.md" does not exist/,
    );
  });
});
