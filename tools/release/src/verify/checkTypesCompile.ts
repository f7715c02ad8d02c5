import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { isRecord, readJsonObject, writeJson } from "../json.js";
import { ReleaseError } from "../releaseError.js";
import type { StagedPackage } from "../releaseManifest.js";
import { runCommand } from "../runCommand.js";
import { errorIn, type Finding } from "./finding.js";

/** Module resolutions of TypeScript that read an `exports` map. */
const RESOLUTIONS = [
  { module: "node16", moduleResolution: "node16" },
  { module: "nodenext", moduleResolution: "nodenext" },
  { module: "esnext", moduleResolution: "bundler" },
] as const;

/**
 * Compiles a program that imports every entry point, in a project that has the packages and nothing else,
 * with each module resolution and every declaration checked.
 *
 * @param project A folder with the packages in `node_modules`.
 */
export async function checkTypesCompile(
  project: string,
  checkout: string,
  folders: ReadonlyMap<StagedPackage, string>,
): Promise<readonly Finding[]> {
  const imports = [...folders].flatMap(([{ name }, folder]) => entryPoints(name, folder));
  const program = imports.map(
    (specifier, index) => `export type Use${index} = typeof import("${specifier}");\n`,
  );
  await mkdir(join(project, "consumer"), { recursive: true });
  await writeFile(join(project, "consumer", "program.mts"), program.join(""));
  const compiler = compilerIn(checkout);
  const found = await Promise.all(
    RESOLUTIONS.map(async (resolution): Promise<readonly Finding[]> => {
      const name = resolution.moduleResolution;
      const config = join(project, "consumer", `tsconfig.${name}.json`);
      await writeJson(config, {
        compilerOptions: {
          ...resolution,
          target: "es2022",
          types: [],
          strict: true,
          skipLibCheck: false,
          noEmit: true,
        },
        files: ["program.mts"],
      });
      const { exitCode, stdout } = await runCommand([
        process.execPath,
        compiler,
        "-p",
        config,
        "--pretty",
        "false",
      ]);
      if (exitCode === 0) return [];
      const lines = stdout.trim().split("\n").slice(0, 10);
      return lines.map((line) => errorIn(blame(line, folders), `types under ${name}: ${line}`));
    }),
  );
  return found.flat();
}

/** The specifiers under which a package's declarations can be imported. */
function entryPoints(name: string, folder: string): readonly string[] {
  const { exports } = readJsonObject(join(folder, "package.json"));
  if (!isRecord(exports)) return [name];
  return Object.entries(exports)
    .filter(
      ([path, conditions]) => !path.includes("*") && isRecord(conditions) && "types" in conditions,
    )
    .map(([path]) => name + path.slice(1));
}

function blame(line: string, folders: ReadonlyMap<StagedPackage, string>): string {
  const found = [...folders.keys()].find(({ name }) => line.includes(`${name}/`));
  return found?.name ?? "release";
}

function compilerIn(checkout: string): string {
  const require = createRequire(join(checkout, "package.json"));
  try {
    const compiler = join(dirname(require.resolve("typescript/package.json")), "bin", "tsc");
    if (existsSync(compiler)) return compiler;
  } catch (cause) {
    throw notInstalled(checkout, cause);
  }
  throw notInstalled(checkout);
}

function notInstalled(checkout: string, cause?: unknown): ReleaseError {
  return new ReleaseError(
    "NOT_BUILT",
    `${checkout} has no TypeScript to check the types with. Run \`pnpm install\` there.`,
    cause === undefined ? undefined : { cause },
  );
}
