import { lstat, readdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

import { run } from "@codex-tools/process";

import type { Group } from "../group.js";
import { median } from "../interleave.js";
import { installOwnPackages } from "../ownPackages.js";
import { installRival, RIVALS } from "../rivals.js";
import { ms, type Row } from "../row.js";

const OWN = "@openai/codex";
const IMPORT_ROUNDS = 21;
const TYPES_ROUNDS = 7;
const IMPORT_MS = 5;
const OVER_FASTEST_MS = 1;
const SDK_KILOBYTES = 300;
const NODE = [process.execPath] as const;

interface Installed {
  readonly name: string;
  /** Folder that has the `node_modules`. */
  readonly folder: string;
}

/** Import, size and types of the published packages, against the other SDKs. */
export const packageGroups: readonly Group[] = [
  { name: "import", duration: "1 minute", measure: () => withPackages(importRows) },
  { name: "size", duration: "10 seconds", measure: () => withPackages(sizeRows) },
  { name: "types", duration: "1 minute", measure: () => withPackages(typesRows) },
];

async function withPackages(
  measure: (own: Installed, rivals: readonly Installed[]) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  await using own = await installOwnPackages();
  const rivals: Installed[] = [];
  for (const rival of Object.values(RIVALS)) {
    // oxlint-disable-next-line no-await-in-loop
    rivals.push({ name: rival.name, folder: await installRival(rival) });
  }
  return await measure({ name: OWN, folder: own.folder }, rivals);
}

/** Measures the time from the start of a process to the end of its import. */
async function importRows(own: Installed, rivals: readonly Installed[]): Promise<readonly Row[]> {
  const empty: Installed = { name: "", folder: own.folder };
  const medians = await turnAbout([empty, own, ...rivals], IMPORT_ROUNDS, ({ name, folder }) => {
    const load = name === "" ? "" : `await import(${JSON.stringify(name)});`;
    const script = `${load}process.stdout.write(String(performance.now()));`;
    return run(NODE, ["--input-type=module", "-e", script], { cwd: folder }).then(Number);
  });
  const over = (name: string) => (medians.get(name) ?? Number.NaN) - (medians.get("") ?? 0);
  const fastest = Math.min(...rivals.map(({ name }) => over(name)));
  const figures = [own, ...rivals].map(({ name }) => `${name} ${ms(over(name))}`).join(", ");
  return [
    {
      name: "import.time",
      what: "import, over an empty process",
      value: over(OWN),
      unit: "ms",
      reach: { kind: "atMost", value: IMPORT_MS },
      detail: `${figures}; an empty process ${ms(medians.get(""))}`,
    },
    {
      name: "import.overFastest",
      what: "import, over the fastest of the others",
      value: over(OWN) - fastest,
      unit: "ms",
      reach: { kind: "atMost", value: OVER_FASTEST_MS },
      detail: `${ms(over(OWN))} - ${ms(fastest)}`,
    },
  ];
}

async function sizeRows(own: Installed, rivals: readonly Installed[]): Promise<readonly Row[]> {
  const sdk = await bytesBelow(join(own.folder, "node_modules", OWN));
  const totals: string[] = [];
  for (const { name, folder } of [own, ...rivals]) {
    const modules = join(folder, "node_modules");
    // oxlint-disable-next-line no-await-in-loop
    const [bytes, count] = [await bytesBelow(modules), await packagesIn(modules)];
    totals.push(`${name} ${Math.round(bytes / 1000)} kB in ${count} packages`);
  }
  const { dependencies = {} }: { dependencies?: Readonly<Record<string, string>> } = createRequire(
    import.meta.url,
  )(join(own.folder, "node_modules", OWN, "package.json"));
  const thirdParty = Object.keys(dependencies).filter((name) => !name.startsWith("@openai/"));
  return [
    {
      name: "size.sdk",
      what: "the SDK's own package, unpacked",
      value: sdk / 1000,
      unit: "kB",
      reach: { kind: "atMost", value: SDK_KILOBYTES },
      detail: `with all dependencies, without the runtime: ${totals.join(", ")}`,
    },
    {
      name: "size.dependencies",
      what: "third-party dependencies",
      value: thirdParty.length,
      unit: "",
      reach: { kind: "atMost", value: 1 },
      detail: thirdParty.join(", "),
    },
  ];
}

/** Measures the type-check of a program that uses the SDK's main class. */
async function typesRows(own: Installed, rivals: readonly Installed[]): Promise<readonly Row[]> {
  const tsc = join(
    createRequire(import.meta.url).resolve("typescript/package.json"),
    "..",
    "bin",
    "tsc",
  );
  const flags =
    "--noEmit --ignoreConfig --strict --skipLibCheck --target es2022 --module nodenext --types".split(
      " ",
    );
  const all = [own, ...rivals];
  for (const { name, folder } of all) {
    const text = `import * as sdk from ${JSON.stringify(name)};\nexport const names: string[] = Object.keys(sdk);\n`;
    // oxlint-disable-next-line no-await-in-loop
    await writeFile(join(folder, "consumer.mts"), text);
  }
  const medians = await turnAbout(all, TYPES_ROUNDS, async ({ folder }) => {
    const start = performance.now();
    await run(NODE, [tsc, ...flags, "", "consumer.mts"], { cwd: folder });
    return performance.now() - start;
  });
  const value = medians.get(OWN) ?? Number.NaN;
  const fastest = Math.min(...rivals.map(({ name }) => medians.get(name) ?? Number.NaN));
  return [
    {
      name: "types.time",
      what: "type-check of a small consumer / the fastest of the others",
      value: value / fastest,
      unit: "x",
      reach: { kind: "atMost", value: 1 },
      detail: all.map(({ name }) => `${name} ${ms(medians.get(name))}`).join(", "),
    },
  ];
}

/** Measures each candidate `rounds` times, turn about, after one round of warm-up. */
async function turnAbout(
  candidates: readonly Installed[],
  rounds: number,
  measure: (candidate: Installed) => Promise<number>,
): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number[]>(candidates.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round += 1) {
    for (const candidate of round % 2 === 0 ? candidates : candidates.toReversed()) {
      // oxlint-disable-next-line no-await-in-loop
      const time = await measure(candidate);
      if (round >= 0) times.get(candidate.name)?.push(time);
    }
  }
  return new Map([...times].map(([name, measured]) => [name, median(measured)]));
}

async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (entry) => (await lstat(join(entry.parentPath, entry.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function packagesIn(modules: string): Promise<number> {
  const paths = await readdir(modules, { recursive: true });
  const name = String.raw`(?:@[^/\\]+[/\\])?[^/\\@.][^/\\]*`;
  const manifest = new RegExp(
    String.raw`^(?:.*[/\\]node_modules[/\\])?${name}[/\\]package\.json$`,
    "u",
  );
  return paths.filter((path) => manifest.test(path)).length;
}
