/** The part of a Vite plugin that is used here; Vite itself is a dependency of VitePress only. */
interface SourcePlugin {
  readonly name: string;
  readonly enforce: "pre";
  transform(code: string, id: string): string | undefined;
}

/** Components of the default theme that are a page without the landmark `main`. */
const PAGES = /\/theme-default\/(?:components\/VPHome|NotFound)\.vue$/;
const ROOT = /(<template>\s*)<div\b([\s\S]*)<\/div>(\s*<\/template>)/;

/** Makes `main` the root element of the home page and of the page for a missing address. */
export function mainLandmark(): SourcePlugin {
  return {
    name: "main-landmark",
    enforce: "pre",
    transform: (code, id) => {
      if (!PAGES.test(id.replaceAll("\\", "/"))) return undefined;
      if (!ROOT.test(code)) throw new Error(`${id} has changed its root element.`);
      return code.replace(ROOT, "$1<main$2</main>$3");
    },
  };
}
