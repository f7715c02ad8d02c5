import { describe, expect, it } from "vitest";

import { toCheckedBundle } from "../../../../src/api/portable/checkBundle.js";
import { InvalidOptionError, type ThreadBundle } from "../../../../src/index.js";
import {
  BUNDLED_THREAD,
  bundleOf,
  exampleBundle,
  rolloutOf,
  rolloutPathOf,
} from "../../../support/exampleBundle.js";

const PATH = rolloutPathOf(BUNDLED_THREAD);
const OTHER = "01a22411-0000-7070-b0ca-ebd72c2002c9";

type Draft = { manifest: Record<string, unknown>; contents: Record<string, unknown> };

/** Returns a bundle that was changed after its export. */
function changed(change: (draft: Draft) => void, bundle: ThreadBundle = exampleBundle()): unknown {
  const draft = structuredClone(bundle) as unknown as Draft;
  change(draft);
  return draft;
}

function withSettings(settings: object): unknown {
  return changed(({ manifest }) => {
    manifest["settings"] = { ...(manifest["settings"] as object), ...settings };
  });
}

function withPath(path: string): unknown {
  return changed(({ manifest, contents }) => {
    const [file] = manifest["files"] as object[];
    manifest["files"] = [{ ...file, path }];
    contents[path] = contents[PATH];
    delete contents[PATH];
  });
}

describe("a bundle", () => {
  it("that was exported is returned as a copy", () => {
    const bundle = exampleBundle();

    const checked = toCheckedBundle(JSON.parse(JSON.stringify(bundle)));

    expect(checked).toEqual(bundle);
  });

  it.each<[string, unknown, string]>([
    ["that is not an object", "text", "bundle"],
    ["without a manifest", {}, "bundle.manifest"],
    [
      "of a later format",
      changed(({ manifest }) => (manifest["format"] = 2)),
      "bundle.manifest.format",
    ],
    [
      "without a file",
      changed(({ manifest }) => (manifest["files"] = [])),
      "bundle.manifest.files",
    ],
    [
      "with a file twice",
      changed(({ manifest }) => {
        const [file] = manifest["files"] as object[];
        manifest["files"] = [file, file];
      }),
      "bundle.manifest.files",
    ],
    [
      "with a file that is not listed",
      changed(({ contents }) => (contents["sessions/x"] = "")),
      "bundle.contents",
    ],
    [
      "of one thread with the rollout of another",
      changed(({ manifest }) => (manifest["threadId"] = OTHER)),
      "bundle.manifest.files",
    ],
    ["with an absolute path", withPath(`/${PATH}`), "bundle.manifest.files[0].path"],
    [
      "with a path out of sessions",
      withPath(`sessions/../${PATH}`),
      "bundle.manifest.files[0].path",
    ],
    ["with a path beside sessions", withPath("config.toml"), "bundle.manifest.files[0].path"],
    [
      "with a path of Windows",
      withPath(PATH.replaceAll("/", "\\")),
      "bundle.manifest.files[0].path",
    ],
    [
      "with content that was changed",
      changed(({ contents }) => (contents[PATH] = String(contents[PATH]).replace("meta", "mema"))),
      `bundle.contents["${PATH}"]`,
    ],
    [
      "without the content of a file",
      changed(({ contents }) => delete contents[PATH]),
      `bundle.contents["${PATH}"]`,
    ],
    [
      "with a truncated rollout",
      bundleOf({ [PATH]: rolloutOf(BUNDLED_THREAD, { type: "x" }).slice(0, -3) }),
      `bundle.contents["${PATH}"]`,
    ],
    [
      "with a line that is not JSON",
      bundleOf({ [PATH]: `${rolloutOf(BUNDLED_THREAD)}{"a":\n` }),
      `bundle.contents["${PATH}"]`,
    ],
    [
      "with a foreign rollout",
      bundleOf({ [PATH]: rolloutOf(OTHER) }),
      `bundle.contents["${PATH}"]`,
    ],
    [
      "that claims more bytes than are accepted",
      changed(({ manifest }) => {
        const [file] = manifest["files"] as object[];
        manifest["files"] = [{ ...file, bytes: 2 ** 40 }];
      }),
      "bundle.contents",
    ],
    [
      "without a sandbox",
      withSettings({ sandboxPolicy: undefined }),
      "bundle.manifest.settings.sandboxPolicy",
    ],
    [
      "with a sandbox of an unknown kind",
      withSettings({ sandboxPolicy: { type: "everything" } }),
      "bundle.manifest.settings.sandboxPolicy",
    ],
    [
      "with a sandbox whose network access is a text",
      withSettings({ sandboxPolicy: { type: "readOnly", networkAccess: "no" } }),
      "bundle.manifest.settings.sandboxPolicy",
    ],
    [
      "without an approval policy",
      withSettings({ approvalPolicy: null }),
      "bundle.manifest.settings.approvalPolicy",
    ],
    [
      "with a model that is not a text",
      withSettings({ model: 1 }),
      "bundle.manifest.settings.model",
    ],
    [
      "with a goal of an unknown status",
      changed(({ manifest }) => (manifest["goal"] = { objective: "x", status: "done" })),
      "bundle.manifest.goal.status",
    ],
  ])("%s is refused by the name of the member", (_title, bundle, option) => {
    const check = () => toCheckedBundle(bundle);

    expect(check).toThrow(InvalidOptionError);
    expect(check).toThrow(expect.objectContaining({ option }));
  });
});
