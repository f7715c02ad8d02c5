import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { startHarness } from "../../../src/testing/harness.js";

let scratch = "";

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "harness-test-"));
  // What the harness leaves behind would be seen here, whatever other tests do at the same time.
  vi.stubEnv("TMPDIR", scratch);
  vi.stubEnv("TEMP", scratch);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(scratch, { recursive: true, force: true });
});

describe("startHarness", () => {
  it("makes a folder whose config points the runtime at the scripted model", async () => {
    await using harness = await startHarness({
      requiresOpenaiAuth: true,
      chatgptBaseUrl: "http://127.0.0.1:9/backend-api",
      config: { features: { goals: true }, approval_policy: "never" },
    });

    const root = dirname(harness.codexHome);
    expect(dirname(harness.workspace)).toBe(root);
    expect((await readdir(root)).toSorted()).toEqual(["codex-home", "workspace"]);
    expect(await readdir(harness.workspace)).toEqual([]);
    expect(await readFile(join(harness.codexHome, "config.toml"), "utf8"))
      .toBe(`model = "mock-model"
model_provider = "mock"
chatgpt_base_url = "http://127.0.0.1:9/backend-api"
approval_policy = "never"

[features]
plugins = false
shell_snapshot = false
goals = true

[model_providers.mock]
name = "Scripted model"
base_url = "${harness.model.url}"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
requires_openai_auth = true
`);
  });

  // Windows has no such mode bits.
  it.skipIf(process.platform === "win32")("lets no other user into the folder", async () => {
    await using harness = await startHarness();

    expect((await stat(dirname(harness.codexHome))).mode & 0o777).toBe(0o700);
  });

  it("leaves no folder and no model behind when it is closed, once or twice", async () => {
    const { model, close } = await startHarness();
    expect(await readdir(scratch)).toHaveLength(1);

    await Promise.all([close(), close()]);

    expect(await readdir(scratch)).toEqual([]);
    await expect(fetch(`${model.url}/models`)).rejects.toThrow("fetch failed");
  });

  it("leaves nothing behind when it cannot be set up", async () => {
    const starting = startHarness({ config: { retries: Number.NaN } });

    await expect(starting).rejects.toMatchObject({ code: "INVALID_OPTION" });
    expect(await readdir(scratch)).toEqual([]);
  });
});
