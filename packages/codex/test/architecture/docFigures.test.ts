import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

import { BACKLOG_MERGE_THRESHOLD, NOTIFICATION_BACKLOG_LIMIT } from "../../src/router/backlog.js";
import { repoRoot } from "../support/sourceFiles.js";

it("states the bounds of the backlog in the docs as they are in the code", () => {
  const text = readFileSync(join(repoRoot, "docs/getting-started.md"), "utf8");
  const [threshold, limit] = [BACKLOG_MERGE_THRESHOLD, NOTIFICATION_BACKLOG_LIMIT].map((figure) =>
    figure.toLocaleString("en"),
  );
  expect(text).toContain(`Once ${threshold} of them wait`);
  expect(text).toContain(`up to ${limit} unread notifications`);
});
