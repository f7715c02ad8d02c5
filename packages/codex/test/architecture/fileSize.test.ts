import { expect, it } from "vitest";

import { filesBelow, repoRoot } from "../support/sourceFiles.js";

const MAX_LINES = 300;

it("keeps every hand-written source file to one idea: at most 300 lines", () => {
  const sources = filesBelow(repoRoot, (path) =>
    /^(?:packages|tools|examples)\/.*\.(?:ts|mjs|js)$/.test(path),
  );
  expect(sources.length).toBeGreaterThan(60);
  const tooLong = sources
    .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
    .filter(({ lines }) => lines > MAX_LINES);
  expect(tooLong).toEqual([]);
});
