/** Source of the files of a runtime. */
export type RuntimeSource =
  /** An executable that was just built, with the files that go with it. */
  | { readonly kind: "binary"; readonly path: string; readonly resources: readonly string[] }
  /** An unpacked Codex package or npm platform package, or a `.tar.gz` of one. */
  | { readonly kind: "package"; readonly path: string }
  /** The published platform package; `registry` is npm's own setting unless given. */
  | { readonly kind: "npm"; readonly registry?: string | undefined }
  /** The asset of the GitHub release. */
  | { readonly kind: "github" };
