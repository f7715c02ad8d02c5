import { createServer, type ServerResponse } from "node:http";

import { expect, test } from "vitest";

import { statesIntegrity } from "../../src/integrity.js";
import { checkPreflight, preflight } from "../../src/publish/preflight.js";
import { publishRelease } from "../../src/publish/publishRelease.js";
import { Registry } from "../../src/publish/registry.js";
import { parseCodexVersion } from "../../src/version/codexVersion.js";
import { listen } from "../support/loopbackRegistry.js";
import { stagedRelease } from "../support/stagedRelease.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

/** Asks a registry that answers every request so whether a version is free. */
async function ask(answer: (response: ServerResponse, name: string, nth: number) => void) {
  let requests = 0;
  const server = createServer(({ url = "" }, response) => {
    requests += 1;
    answer(response, decodeURIComponent(url.slice(1)), requests);
  });
  const port = await listen(server);
  try {
    return await preflight({
      registry: `http://127.0.0.1:${port}/`,
      version: parseCodexVersion("1.2.3"),
      scope: "@openai",
      repositoryUrl: "git+https://github.com/openai/codex.git",
      retries: { attempts: 2, delayMs: 1 },
    });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

test.each([
  ["a page to sign in", "<!doctype html>"],
  ["nothing", ""],
  ["an empty object", "{}"],
  ["an error with status 200", '{"error":"not_found"}'],
  ["another package", '{"name":"other","versions":{}}'],
  ["a list", "[]"],
])("a registry that answers with %s is not taken for one without the package", async (_, body) => {
  await expect(ask((response) => response.end(body))).rejects.toMatchObject({
    code: "PUBLISH_FAILED",
    message: expect.stringMatching(/^Could not read from the registry \(http[^\n]*: the answer is/),
  });
});

test.each([401, 403, 405, 409, 451])(
  "a registry that refuses to be read with %i fails at once, with the status",
  async (status) => {
    let asked = 0;
    const asking = ask((response) => {
      asked += 1;
      response.writeHead(status).end("{}");
    });
    await expect(asking).rejects.toThrow(`the registry answered ${status}`);
    expect(asked).toBe(1);
  },
);

test("an answer that breaks off is read again, and is a failure of the network in the end", async () => {
  const breakOff = (response: ServerResponse): void => {
    response.writeHead(200, { "content-length": 100 });
    response.write("{", () => response.destroy());
  };
  await expect(ask(breakOff)).rejects.toMatchObject({ code: "PUBLISH_FAILED" });
  const report = await ask((response, name, nth) => {
    if (nth === 1) breakOff(response);
    else response.end(JSON.stringify({ name, versions: {} }));
  });
  expect(new Set(report.packages.map(({ standing }) => standing))).toEqual(new Set(["free"]));
});

test.each([
  ["a page", "<!doctype html><title>Not found</title>"],
  ["nothing", ""],
  ["a list", "[]"],
])("a 404 with %s is not the answer of a registry, so the version is not free", async (_, body) => {
  await expect(ask((response) => response.writeHead(404).end(body))).rejects.toMatchObject({
    code: "PUBLISH_FAILED",
    message: expect.stringMatching(
      /^Could not read from the registry [^\n]*: the answer 404 is not/,
    ),
  });
  const absent = '{"error":"Not found"}';
  const report = await ask((response) => response.writeHead(404).end(absent));
  expect(new Set(report.packages.map(({ standing }) => standing))).toEqual(new Set(["free"]));
});

test.each([
  ["some of whose versions remain", { versions: {}, time: { "1.2.3": "2026-01-01T00:00:00Z" } }],
  ["that is gone as a whole", { time: { unpublished: { versions: ["1.2.3"] } } }],
])("an unpublished version of a package %s is not free", async (_, document) => {
  const report = await ask((response, name) => response.end(JSON.stringify({ name, ...document })));
  expect(new Set(report.packages.map(({ standing }) => standing))).toEqual(
    new Set(["taken for good, as it was unpublished"]),
  );
  expect(() => checkPreflight(report)).toThrow("as it was unpublished");
});

test("a registry that never ends its answer is a failure that names the time limit", async () => {
  const server = createServer((_, response) => void response.write("{"));
  const port = await listen(server);
  const registry = new Registry(`http://127.0.0.1:${port}`, { attempts: 2, delayMs: 1 }, 20);
  try {
    await expect(registry.read("@openai/codex")).rejects.toThrow("no whole answer within 0.02 s");
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

test("a dist-tag that another publisher moves on while a release is published does not move back", async () => {
  await using folder = await temporaryFolder();
  const { path } = await stagedRelease(folder.path, { platforms: "linux-x64" });
  const seen = new Set<string>();
  const methods = new Set<string>();
  const server = createServer(({ method = "", url = "" }, response) => {
    methods.add(method);
    // The first look plans, the second one is right before the package is sent.
    const tags = seen.has(url) ? { latest: "9.9.9" } : {};
    seen.add(url);
    const name = decodeURIComponent(url.slice(1));
    response.end(JSON.stringify({ name, versions: {}, "dist-tags": tags }));
  });
  const port = await listen(server);
  try {
    await expect(
      publishRelease({ release: path, registry: `http://127.0.0.1:${port}/` }),
    ).rejects.toThrow('moved the dist-tag "latest" of @openai/codex-linux-x64 to 9.9.9 meanwhile');
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  expect([...methods]).toEqual(["GET"]);
});

test("a version is known by any of the hashes that the registry states, and by no other kind", () => {
  const staged = "sha512-abc==";
  const stated = (field: string): boolean => statesIntegrity(field, staged);
  expect(["sha512-abc==", "sha1-x sha512-abc==", "sha512-abc==?opt"].map(stated)).toEqual([
    true,
    true,
    true,
  ]);
  expect(["", "sha1-abc==", "sha512-abd==", "undefined"].map(stated)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

test.each([
  ["https://user:secret@registry.invalid/", "has a user name or password"],
  ["https://user:secret@registry invalid/", "is not the URL of a registry"],
  ["https://registry.invalid/?token=secret", "has a query or a fragment"],
  ["ftp://registry.invalid/", "must start with https:// or http://"],
  ["registry.invalid", "must start with https:// or http://"],
])("%j is refused as a registry before it is asked", (url, reason) => {
  expect(() => new Registry(url, { attempts: 1, delayMs: 1 })).toThrow(reason);
});

test("the password in a URL of a registry is not repeated", () => {
  for (const url of ["https://user:secret@registry.invalid/", "https://user:secret@x y/"]) {
    expect(() => new Registry(url, { attempts: 1, delayMs: 1 })).toThrow(/^(?!.*secret)/);
  }
});
