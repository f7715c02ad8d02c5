import { join } from "node:path";

import { Application } from "typedoc";

import { repoRoot, siteFolder } from "./folders.js";

const ENTRIES = ["index.ts", "client.ts", "types.ts", "otel/index.ts", "testing/index.ts"];

/** Kinds of declarations that must have a comment. Members are checked by docComments.test.ts. */
const COMMENTED = ["Class", "Interface", "Function", "Variable", "TypeAlias", "Method", "Accessor"];

/**
 * Writes the API reference to `reference/api`, from the doc comments of every export.
 *
 * @throws Error when a type is not exported, a comment is missing, or a link in a comment is broken.
 */
export async function writeApiReference(): Promise<void> {
  const sources = join(repoRoot, "packages/codex/src");
  const options = {
    plugin: ["typedoc-plugin-markdown"],
    entryPoints: ENTRIES.map((entry) => join(sources, entry)),
    tsconfig: join(repoRoot, "packages/codex/tsconfig.json"),
    basePath: sources,
    out: join(siteFolder, "reference/api"),
    readme: "none",
    // The compiler of the repository is another version than the one that typedoc uses.
    skipErrorChecking: true,
    excludeInternal: true,
    excludePrivate: true,
    excludeExternals: false,
    disableSources: true,
    requiredToBeDocumented: COMMENTED,
    intentionallyNotExported: INTERNAL,
    validation: { notExported: true, invalidLink: true, notDocumented: true },
    // Options of typedoc-plugin-markdown.
    entryFileName: "index",
    hideBreadcrumbs: true,
    hidePageHeader: true,
    useCodeBlocks: true,
    parametersFormat: "table",
    interfacePropertiesFormat: "table",
    typeDeclarationFormat: "table",
    sanitizeComments: true,
    // With the first sentence of each export.
    indexFormat: "table",
  };
  // SAFETY: the options of the plugin are declared only once it is loaded; typedoc checks them.
  const app = await Application.bootstrapWithPlugins(options as object);
  const project = await app.convert();
  if (project === undefined) throw new Error("typedoc could not read the sources.");
  app.validate(project);
  const { errorCount, warningCount } = app.logger;
  if (errorCount + warningCount > 0) {
    throw new Error(
      `The API reference has ${errorCount + warningCount} problems, listed above: export the types, and write the comments.`,
    );
  }
  await app.generateOutputs(project);
}

/** Types that compute public types: the reference shows what they compute. */
const INTERNAL: readonly string[] = [
  "InputOf",
  "KeyOf",
  "MembersOf",
  "REVIEW_MODES",
  "STEP_KINDS",
  "StepOf",
  "Variants",
  "WireOptions",
];
