import { createServer, type ServerResponse } from "node:http";

import { expect, test } from "vitest";

import { preflight } from "../../src/publish/preflight.js";
import { Registry } from "../../src/publish/registry.js";
import { parseCodexVersion } from "../../src/version/codexVersion.js";
import { listen } from "../support/loopbackRegistry.js";

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

test("a published package whose manifest cannot be read is not taken for another's", async () => {
  const answer = (response: ServerResponse, name: string): void => {
    const [, version] = /\/(\d[^/]*)$/.exec(name) ?? [];
    const versions = { "1.2.3": { dist: { tarball: "http://127.0.0.1/x.tgz", integrity: "x" } } };
    if (version === undefined) response.end(JSON.stringify({ name, versions }));
    else response.writeHead(403).end();
  };
  await expect(ask(answer)).rejects.toThrow("the registry answered 403");
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
