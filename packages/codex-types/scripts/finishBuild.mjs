// The package is types alone: `tsc` writes the declarations, and this the one module that an import of
// the package loads. Declarations of types that the protocol no longer has are removed.
import { existsSync } from "node:fs";
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
for (const path of await readdir(dist, { recursive: true })) {
  const isDeclaration = path.endsWith(".d.ts");
  const source = join(root, "src", path.replace(/\.d\.ts$/, ".ts"));
  if (/\.\w+$/.test(path) && !(isDeclaration && existsSync(source))) await rm(join(dist, path));
}
await writeFile(join(dist, "index.js"), "export {};\n");
