import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { join } from "node:path";

import { create } from "tar";
import { afterEach, describe, expect, test, vi } from "vitest";

import { writeJson } from "../../src/json.js";
import { packFolders } from "../../src/packFolder.js";
import { parsePlatform } from "../../src/platforms.js";
import { npmPublish } from "../../src/publish/npmPublish.js";
import { Registry } from "../../src/publish/registry.js";
import { stageRuntime } from "../../src/runtime/stageRuntime.js";
import { parseCodexVersion } from "../../src/version/codexVersion.js";
import { fixtureRepository } from "../support/fixtureRepository.js";
import { listen, loopbackRegistry } from "../support/loopbackRegistry.js";
import { writeCodexPackage } from "../support/standIns.js";
import { temporaryFolder } from "../support/temporaryFolder.js";
import { runTool } from "../support/tool.js";

const version = parseCodexVersion("1.2.3");
const target = parsePlatform("win32-arm64");
const CLOSED_PORT = "http://127.0.0.1:9/";

describe("--from-npm", () => {
  /** A registry with the platform package as the command-line tool's releases have it. */
  async function publishedRuntime(root: string) {
    const registry = await loopbackRegistry();
    const folder = join(root, "published");
    await writeCodexPackage(join(folder, "vendor", target.triple), target, version.npm);
    await writeJson(join(folder, "package.json"), {
      name: "@openai/codex",
      version: `${version.npm}-${target.id}`,
      files: ["vendor"],
    });
    const [tarball = ""] = await packFolders([folder], root);
    await npmPublish(tarball, {
      registry: new Registry(registry.url, { attempts: 1, delayMs: 0 }),
      distTag: target.id,
      scope: "@openai",
      hasProvenance: false,
    });
    return registry;
  }

  test("takes the published platform package", async () => {
    await using folder = await temporaryFolder();
    const repository = await fixtureRepository(join(folder.path, "checkout"));
    await using registry = await publishedRuntime(folder.path);
    const out = join(folder.path, "out");
    const run = await runTool(
      "stage-runtime",
      out,
      "--codex-version",
      "rust-v1.2.3",
      "--platform",
      target.id,
      "--from-npm",
      "--registry",
      registry.url,
      "--repository",
      repository.root,
      "--pack",
      folder.path,
      "--json",
    );
    expect(run.stderr).toMatch(
      /^Fetching the runtime 1\.2\.3 of win32-arm64 from npm\nFetched [^\n]+\.tgz: 0\.00 MB\n$/,
    );
    const tarball = join(folder.path, `openai-codex-${target.id}-1.2.3.tgz`);
    expect(JSON.parse(run.stdout)).toEqual({
      tarballs: [tarball],
      name: target.packageName,
      version: "1.2.3",
      folder: out,
    });
    expect(existsSync(join(out, "vendor", target.triple, "bin/codex.exe"))).toBe(true);
    expect(existsSync(tarball)).toBe(true);
  });

  test("reports that the version is not published", async () => {
    await using folder = await temporaryFolder();
    const repository = await fixtureRepository(join(folder.path, "checkout"));
    await using registry = await publishedRuntime(folder.path);
    const source = { kind: "npm", registry: registry.url } as const;
    const options = { repository, out: join(folder.path, "out"), target, source };
    for (const missing of ["1.2.4", "1.2.3-alpha.1"]) {
      await expect(
        stageRuntime({ ...options, version: parseCodexVersion(missing) }),
      ).rejects.toMatchObject({
        code: "RUNTIME_UNAVAILABLE",
        message: expect.stringContaining(`npm has no @openai/codex@${missing}-win32-arm64`),
      });
    }
  });

  test.each([
    [401, "", "COMMAND_FAILED", "(E401): 401 Unauthorized"],
    [403, "", "COMMAND_FAILED", "(E403): 403"],
    [200, "<!doctype html>", "COMMAND_FAILED", "(FETCH_ERROR): invalid json response body"],
  ])(
    "a registry that answers %i %s is named with its reason in the first line",
    async (...given) => {
      const [status, body, code, reason] = given;
      await using folder = await temporaryFolder();
      const repository = await fixtureRepository(join(folder.path, "checkout"));
      const server = createServer((_, answer) => answer.writeHead(status).end(body));
      const registry = `http://127.0.0.1:${await listen(server)}/`;
      const out = join(folder.path, "out");
      try {
        const source = { kind: "npm", registry } as const;
        await expect(
          stageRuntime({ repository, out, version, target, source }),
        ).rejects.toMatchObject({
          code,
          message: expect.stringMatching(
            /^npm could not fetch @openai\/codex@1\.2\.3-win32-arm64 /,
          ),
        });
        await expect(stageRuntime({ repository, out, version, target, source })).rejects.toThrow(
          reason,
        );
      } finally {
        server.close();
      }
    },
  );

  test("reports that the network is missing", async () => {
    await using folder = await temporaryFolder();
    const repository = await fixtureRepository(join(folder.path, "checkout"));
    const source = { kind: "npm", registry: CLOSED_PORT } as const;
    const out = join(folder.path, "out");
    await expect(stageRuntime({ repository, out, version, target, source })).rejects.toMatchObject({
      code: "NETWORK_UNAVAILABLE",
      message: expect.stringMatching(
        /^Could not reach the network for @openai\/codex@1\.2\.3-win32-arm64 \(ECONNREFUSED\)/,
      ),
    });
    expect(existsSync(out)).toBe(false);
  });
});

describe("--from-github", () => {
  afterEach(() => vi.unstubAllEnvs());

  interface Forge {
    readonly digest?: string | null;
    readonly status?: (headers: IncomingHttpHeaders) => number;
  }

  /** An API like GitHub's, with one release, whose asset lies on another host (that is, port). */
  async function forge(root: string, { digest, status = () => 200 }: Forge = {}) {
    const built = join(root, "built");
    await mkdir(built);
    await writeCodexPackage(built, target, version.npm);
    const file = join(root, "asset.tar.gz");
    await create({ file, cwd: built, gzip: true }, ["."]);
    const bytes = await readFile(file);
    const actual = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    const seen: { path: string; authorization: string | undefined }[] = [];
    const storage = createServer(({ url = "", headers }, answer) => {
      seen.push({ path: `storage${url}`, authorization: headers.authorization });
      answer.end(bytes);
    });
    const storagePort = await listen(storage);
    const api = createServer(({ url = "", headers }, answer) => {
      seen.push({ path: url, authorization: headers.authorization });
      const code = status(headers);
      if (code !== 200) answer.writeHead(code).end("{}");
      else if (url === "/asset")
        answer.writeHead(302, { location: `http://127.0.0.1:${storagePort}/blob` }).end();
      else if (url.endsWith("/releases/tags/rust-v1.2.3")) {
        const name = `codex-package-${target.triple}.tar.gz`;
        const asset = {
          name,
          url: `http://127.0.0.1:${apiPort}/asset`,
          digest: digest === undefined ? actual : digest,
        };
        answer.end(JSON.stringify({ assets: [{ name: "codex.zip" }, asset] }));
      } else answer.writeHead(404).end("{}");
    });
    const apiPort = await listen(api);
    vi.stubEnv("GITHUB_API_URL", `http://127.0.0.1:${apiPort}`);
    vi.stubEnv("GH_TOKEN", "");
    return {
      seen,
      [Symbol.asyncDispose]: async () => {
        for (const server of [api, storage]) {
          server.closeAllConnections();
          await new Promise((resolve) => server.close(resolve));
        }
      },
    };
  }

  async function stage(root: string, wanted = version): Promise<string> {
    const repository = await fixtureRepository(join(root, "checkout"));
    const out = join(root, "out");
    await stageRuntime({ repository, out, version: wanted, target, source: { kind: "github" } });
    return out;
  }

  test("takes the asset of the release, and leaves the token with the API", async () => {
    await using folder = await temporaryFolder();
    await using github = await forge(folder.path);
    vi.stubEnv("GH_TOKEN", "secret");
    const out = await stage(folder.path);
    expect(existsSync(join(out, "vendor", target.triple, "bin/codex.exe"))).toBe(true);
    expect(github.seen).toEqual([
      { path: "/repos/openai/codex/releases/tags/rust-v1.2.3", authorization: "Bearer secret" },
      { path: "/asset", authorization: "Bearer secret" },
      { path: "storage/blob", authorization: undefined },
    ]);
  });

  test("asks again after one answer 502 of the API, and after one of the download", async () => {
    await using folder = await temporaryFolder();
    let answers = 0;
    await using github = await forge(folder.path, {
      status: () => {
        answers += 1;
        return answers % 2 === 1 ? 502 : 200;
      },
    });
    await stage(folder.path);
    expect(github.seen.map(({ path }) => path)).toEqual([
      "/repos/openai/codex/releases/tags/rust-v1.2.3",
      "/repos/openai/codex/releases/tags/rust-v1.2.3",
      "/asset",
      "/asset",
      "storage/blob",
    ]);
  });

  test("continues without a token that GitHub does not accept", async () => {
    await using folder = await temporaryFolder();
    await using github = await forge(folder.path, {
      status: ({ authorization }) => (authorization === undefined ? 200 : 401),
    });
    vi.stubEnv("GH_TOKEN", "expired");
    await stage(folder.path);
    expect(github.seen.map(({ authorization }) => authorization !== undefined)).toEqual([
      true,
      false,
      true,
      false,
      false,
    ]);
  });

  test.each([
    [
      "another digest",
      { digest: `sha256:${"0".repeat(64)}` },
      "INVALID_PACKAGE",
      "but GitHub states sha256:000",
    ],
    ["no digest", { digest: null }, "INVALID_PACKAGE", "GitHub states no SHA-256 digest"],
    [
      "no permission",
      { status: () => 403 },
      "RUNTIME_UNAVAILABLE",
      "Set GH_TOKEN to a valid token",
    ],
  ])("refuses an asset with %s", async (_, options: Forge, code, message) => {
    await using folder = await temporaryFolder();
    await using github = await forge(folder.path, options);
    await expect(stage(folder.path)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
    expect(github.seen.length).toBeGreaterThan(0);
    expect(existsSync(join(folder.path, "out"))).toBe(false);
  });

  test("reports that the release or the network is missing", async () => {
    await using folder = await temporaryFolder();
    await using _ = await forge(folder.path);
    await expect(stage(folder.path, parseCodexVersion("1.2.4"))).rejects.toThrow(
      "has no release rust-v1.2.4",
    );
    vi.stubEnv("GITHUB_API_URL", CLOSED_PORT.slice(0, -1));
    await expect(stage(folder.path)).rejects.toMatchObject({ code: "NETWORK_UNAVAILABLE" });
  });
});
