import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

import { remedyOf, toTurnErrorInfo, turnErrorCodeOf } from "../../src/errors/turnErrorInfo.js";
import { repoRoot } from "../support/sourceFiles.js";

const union = readFileSync(
  join(repoRoot, "packages/codex-types/src/generated/v2/CodexErrorInfo.ts"),
  "utf8",
);
const kinds = [...union.matchAll(/"(\w+)"/g)].map((match) => match[1] ?? "");

it("docs/errors.md lists each cause of a failed turn with the code and the remedy of the SDK", () => {
  const page = readFileSync(join(repoRoot, "docs/errors.md"), "utf8");
  const rows = [...page.matchAll(/^\| `([a-z]\w*)`\s*\| `(\w+)`\s*\| (.*?)\s*\|$/gm)].map(
    ([, kind = "", code, remedy]) => ({ kind, code, remedy }),
  );

  expect(rows.map(({ kind }) => kind)).toEqual(kinds);
  for (const { kind, code, remedy } of rows) {
    const expected = {
      kind,
      code: turnErrorCodeOf(toTurnErrorInfo(kind)),
      remedy: remedyOf(kind) ?? remedy,
    };
    expect({ kind, code, remedy }).toEqual(expected);
  }
});
