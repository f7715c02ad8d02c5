import { describe, expect, it } from "vitest";

import { adaptLinks, REPOSITORY, sitePageOf } from "../src/pages.js";

const adapt = (text: string, source = "docs/guides/threads.md"): string =>
  adaptLinks(text, source, sitePageOf(source) ?? "");

describe("adaptLinks", () => {
  it("keeps a link between two pages of docs/, with its anchor", () => {
    const text = "[a](streaming.md#all-threads) and [b](../errors.md)";
    expect(adapt(text)).toBe("[a](./streaming.md#all-threads) and [b](../errors.md)");
  });

  it("leads to the page of a README that has another place on the site", () => {
    expect(adapt("[a](docs/faq.md)", "README.md")).toBe("[a](./faq.md)");
    expect(adapt("[a](../../packages/codex/README.md#log-in)")).toBe(
      "[a](../packages/codex.md#log-in)",
    );
    expect(adapt("[a](src/11_chat.ts)", "examples/README.md")).toBe("[a](./11_chat.md)");
  });

  it("leads to the repository for a file or folder without a page", () => {
    expect(adapt("[a](../../LICENSE) [b](../adr)")).toBe(
      `[a](${REPOSITORY}/blob/main/LICENSE) [b](${REPOSITORY}/tree/main/docs/adr)`,
    );
  });

  it("leaves addresses, anchors and code as they are", () => {
    const text = "[a](https://example.com/x.md) [b](#here)\n```md\n[c](missing.md)\n```";
    expect(adapt(text)).toBe(text);
  });

  it("refuses a link to a file that does not exist", () => {
    expect(() => adapt("[a](missing.md)")).toThrow("docs/guides/threads.md: missing.md");
  });
});
