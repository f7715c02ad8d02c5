import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import { withFolders, withListFolders } from "../../../../src/api/settings/checkFolder.js";
import type { ClientOptions } from "../../../../src/client/options.js";
import { RuntimeClient } from "../../../../src/client/runtimeClient.js";

let base: string;
beforeAll(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "codex-folder-")));
  mkdirSync(join(base, "sub"));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

const LOCAL: readonly (readonly [string, ClientOptions])[] = [
  ["its own child", {}],
  ["a Unix socket", { transport: { type: "unix", path: "/s" } }],
];
const REMOTE: ClientOptions = { transport: { type: "websocket", url: "ws://127.0.0.1:1" } };

describe.each(LOCAL)("a relative folder for the runtime of %s", (_name, options) => {
  it("counts from the working directory of this process at the time of the call", () => {
    const client = new RuntimeClient(options);
    vi.spyOn(process, "cwd").mockReturnValue(base);

    const folders = withFolders(client, { cwd: "sub", runtimeWorkspaceRoots: ["."] });

    expect(folders).toEqual({ cwd: join(base, "sub"), runtimeWorkspaceRoots: [base] });
    expect(withListFolders(client, { cwd: ["gone"] })).toEqual({ cwd: [join(base, "gone")] });
  });

  it("is refused when it does not exist", () => {
    const client = new RuntimeClient(options);

    expect(() => withFolders(client, { cwd: "no-such-folder" })).toThrow(/^cwd: .*does not exist/);
  });

  it("is refused with the reason when that directory has been removed, and an absolute one is not", () => {
    const client = new RuntimeClient(options);
    vi.spyOn(process, "cwd").mockImplementation(() => {
      throw Object.assign(new Error("uv_cwd"), { code: "ENOENT", syscall: "uv_cwd" });
    });

    expect(() => withFolders(client, { cwd: "sub" })).toThrow(
      /^cwd: "sub" is a relative path.*no longer exists/,
    );
    expect(withFolders(client, { cwd: base })).toEqual({ cwd: base });
  });
});

describe("a folder for the runtime of a WebSocket", () => {
  it("is passed on as it is when it is absolute, and refused when it is relative", () => {
    const client = new RuntimeClient(REMOTE);

    expect(withFolders(client, { cwd: "/no/such" })).toEqual({ cwd: "/no/such" });
    for (const options of [{ cwd: "." }, { runtimeWorkspaceRoots: ["sub"] }]) {
      expect(() => withFolders(client, options)).toThrow(/is a relative path.*another machine/);
    }
    expect(() => withListFolders(client, { cwd: "." })).toThrow(/is a relative path/);
  });
});

it("leaves the folders of other environments as they are", () => {
  const options = { cwd: "there", environments: [] };

  expect(withFolders(new RuntimeClient(), options)).toBe(options);
});
