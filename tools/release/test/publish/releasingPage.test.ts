import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { OWN_NAMES, inScope } from "../../src/scope.js";
import { rehearsal } from "../support/rehearsal.js";

const page = readFileSync(
  fileURLToPath(new URL("../../../../docs/releasing.md", import.meta.url)),
  "utf8",
);
const blocks = [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)];

test("every block of docs/releasing.md is a script that is run here", () => {
  expect(blocks.length).toBeGreaterThan(5);
  expect(blocks.map(([, language]) => language)).toEqual(blocks.map(() => "sh"));
});

test.runIf(process.platform !== "win32")(
  "docs/releasing.md, followed from top to bottom, releases under both scopes",
  async () => {
    await using place = await rehearsal();
    const clone = await place.newFolder("clone", true);
    // One shell, as a reader has one: a block uses the variables of those before it.
    const script = blocks.map(([, , text]) => text ?? "").join("\n");
    const { exitCode, stdout, stderr } = await place.run(script, clone, {});
    expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
    for (const name of OWN_NAMES.flatMap((own) => [own, inScope(own, "@you")])) {
      expect(await place.registry.packument(name)).toMatchObject({
        "dist-tags": { latest: place.version },
        versions: { [place.version]: { name } },
      });
    }
    expect(await place.registry.packument("@you/codex")).toMatchObject({
      versions: { [place.version]: { deprecated: expect.stringContaining("Harmful") } },
    });
  },
  900_000,
);
