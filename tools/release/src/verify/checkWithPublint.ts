import { errorIn, type Finding } from "./finding.js";

/** Returns the messages of publint about an unpacked package. */
export async function checkWithPublint(name: string, folder: string): Promise<readonly Finding[]> {
  const [{ publint }, { formatMessage }] = await Promise.all([
    import(/* webpackIgnore: true */ "publint"),
    import(/* webpackIgnore: true */ "publint/utils"),
  ]);
  const { messages, pkg } = await publint({
    pkgDir: folder,
    strict: true,
    pack: false,
    level: "warning",
  });
  return messages.map((message) =>
    errorIn(name, `publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`),
  );
}
