import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const site = join(root, "tools/docs/site/.vitepress/dist");
const pageOf = (path: string): Promise<string> => readFile(join(site, `${path}.html`), "utf8");

describe("the built site", () => {
  // The build itself fails for a broken link, a type that is not exported and a missing comment.
  beforeAll(async () => {
    await promisify(execFile)(process.execPath, [join(root, "tools/docs/dist/main.js")], {
      cwd: root,
    });
  }, 600_000);

  it("has the guides, with their anchors as in the repository", async () => {
    const page = await pageOf("guides/deployment");
    expect(page).toContain('id="serverless-and-file-tracing-nextjs-vercel"');
  });

  it("has the landmark main on every kind of page", async () => {
    const pages = await Promise.all(["index", "testing", "reference/api/index", "404"].map(pageOf));
    expect(pages.map((page) => page.match(/<main\b/g)?.length)).toEqual([1, 1, 1, 1]);
  });

  it("describes the options that the API reference takes from the protocol", async () => {
    const page = await pageOf("reference/api/index/interfaces/StartThreadOptions");
    expect(page).toContain("Working directory of commands");
    expect(page).toContain("Optional project identity for this new thread");
  });

  it("has the API reference of every entry point", async () => {
    const pages = await Promise.all([
      pageOf("reference/api/index/classes/Codex"),
      pageOf("reference/api/client/classes/CodexClient"),
      pageOf("reference/api/testing/functions/startHarness"),
      pageOf("reference/api/types/type-aliases/ThreadItem"),
    ]);
    expect(pages[0]).toContain("startThread");
  });

  it("has the events and items of the protocol, with recorded examples", async () => {
    expect(await pageOf("reference/events")).toContain('id="itemagentmessagedelta"');
    expect(await pageOf("reference/items")).toContain("aggregatedOutput");
  });

  it("has the examples with their output", async () => {
    expect(await pageOf("examples/18_tools")).toContain("We do not sell kiwis.");
  });
});
