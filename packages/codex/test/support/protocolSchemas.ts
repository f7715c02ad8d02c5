import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { codexPath } from "@openai/codex-cli-bin";
import * as z from "zod";

/** A request that the pinned runtime can send, and what it takes for an answer. */
export interface ServerRequestSchema {
  readonly method: string;
  readonly answer: z.ZodType;
}

/** Asks the pinned runtime for the schema of its protocol. */
export async function serverRequestSchemas(): Promise<ServerRequestSchema[]> {
  const folder = await mkdtemp(join(tmpdir(), "codex-schema-"));
  try {
    const args = ["app-server", "generate-json-schema", "--experimental", "--out", folder];
    await promisify(execFile)(codexPath(), args, { env: { ...process.env, CODEX_HOME: folder } });
    const read = async (name: string) =>
      JSON.parse(await readFile(join(folder, `${name}.json`), "utf8"));
    const { oneOf } = await read("ServerRequest");
    return await Promise.all(
      oneOf.map(async ({ properties }: RequestSchema) => {
        const [method = ""] = properties.method.enum;
        const params = /^#\/definitions\/(\w+)Params$/.exec(properties.params.$ref)?.[1];
        return { method, answer: z.fromJSONSchema(await read(`${params}Response`)) };
      }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface RequestSchema {
  readonly properties: {
    readonly method: { readonly enum: readonly string[] };
    readonly params: { readonly $ref: string };
  };
}
