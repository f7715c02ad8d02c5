import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { Header, type HeaderData } from "tar";
import { expect, test } from "vitest";

import { extractTarball, listTarball } from "../../src/tarball.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

function header(data: HeaderData): Buffer {
  const encoded = new Header({ mode: 0o644, size: 0, mtime: new Date(0), type: "File", ...data });
  encoded.encode();
  return encoded.block ?? Buffer.alloc(0);
}

test.each([
  ["one file", header({ path: "bomb", size: 3_000_000_001 })],
  ["very many entries", Buffer.concat(Array<Buffer>(50_001).fill(header({ path: "x" })))],
])("an archive with more than any package has, in %s, is refused", async (_, tar) => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "bomb.tgz");
  await writeFile(file, gzipSync(Buffer.concat([tar, Buffer.alloc(1024)])));
  await expect(listTarball(file)).rejects.toMatchObject({
    code: "INVALID_PACKAGE",
    message: expect.stringMatching(/has more than 3 GB or 50000 entries\.$/),
  });
});

test("an archive is not read behind the first entry that is refused", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "link.tgz");
  const link = header({ path: "link", type: "SymbolicLink", linkpath: "/etc" });
  await writeFile(file, gzipSync(Buffer.concat([link, Buffer.alloc(5_000, "damaged")])));
  await mkdir(join(folder.path, "out"));
  await expect(extractTarball(file, join(folder.path, "out"))).rejects.toThrow(
    'contains "link", an entry of the type SymbolicLink',
  );
});
