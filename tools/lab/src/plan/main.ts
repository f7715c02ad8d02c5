// `pnpm lab plan`: what threads need, from 100 up; writes the plan in docs/guides/containers.md from the
// figures of docs/performance.md and the storage that is measured here.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { readScaleFigures } from "./figures.js";
import { toPlanTable, toStorage, withPlan } from "./plan.js";
import { measureStorage } from "./storage.js";

const root = new URL("../../../../", import.meta.url);
const scalePage = fileURLToPath(new URL("docs/performance.md", root));
const planPage = fileURLToPath(new URL("docs/guides/containers.md", root));

const figures = readScaleFigures(await readFile(scalePage, "utf8"));
const plan = `${toPlanTable(figures)}\n\n${toStorage(await measureStorage())}`;
await writeFile(planPage, withPlan(await readFile(planPage, "utf8"), plan));
process.stdout.write(`${plan}\n`);
