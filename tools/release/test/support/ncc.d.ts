// ncc ships no declarations; this is the part of it that the tests use.
declare module "@vercel/ncc" {
  const ncc: (
    input: string,
    options: { readonly quiet: boolean; readonly cache: boolean },
  ) => Promise<{
    readonly code: string;
    readonly assets: Readonly<Record<string, { readonly source: string | Buffer }>>;
  }>;
  export default ncc;
}
