import { Codex, type CodexOptions } from "../../src/index.js";
import { FakeAppServer, type FakeScript } from "./fakeAppServer.js";

export interface FakeCodex extends AsyncDisposable {
  readonly codex: Codex;
  readonly server: FakeAppServer;
  /** The diagnostics so far. */
  readonly diagnostics: unknown[];
  readonly stderr: string[];
}

/** Makes a client of a scripted runtime. Its disposal closes the client, and fails when the runtime is still alive. */
export async function createFakeCodex(
  script: FakeScript,
  options: CodexOptions = {},
): Promise<FakeCodex> {
  const server = await FakeAppServer.create(script);
  const diagnostics: unknown[] = [];
  const stderr: string[] = [];
  const codex = new Codex({
    ...(options.codexPath === undefined ? { launchArgs: server.launchArgs } : {}),
    onDiagnostic: (diagnostic) => {
      if (diagnostic.kind !== "versionMismatch") diagnostics.push(diagnostic);
    },
    onStderr: (line) => stderr.push(line),
    ...options,
  });
  return {
    codex,
    server,
    diagnostics,
    stderr,
    async [Symbol.asyncDispose]() {
      await codex.close();
      await server[Symbol.asyncDispose]();
    },
  };
}
