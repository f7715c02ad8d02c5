import { readFile } from "node:fs/promises";

import type { ProtocolDescription } from "../../src/askRuntime.js";

/** The folder of the committed types. */
export const generatedDir = new URL(
  "../../../../packages/codex-types/src/generated/",
  import.meta.url,
);

/** The version that the published manifest pins, read where it stands. */
export async function pinnedVersion(): Promise<string> {
  const url = new URL("../../../../packages/codex-types/package.json", import.meta.url);
  const manifest: unknown = JSON.parse(await readFile(url, "utf8"));
  if (typeof manifest === "object" && manifest !== null && "version" in manifest) {
    return String(manifest.version);
  }
  throw new Error(`${url.href} has no version.`);
}

const HEADER = "// GENERATED CODE! DO NOT MODIFY BY HAND!\n\n";

const TYPES: Readonly<Record<string, string>> = {
  "ClientNotification.ts": 'export type ClientNotification = { "method": "initialized" };\n',
  "ClientRequest.ts":
    'import type { RequestId } from "./RequestId";\nimport type { TurnStartParams } from "./v2/TurnStartParams";\n\nexport type ClientRequest = { "method": "turn/start", id: RequestId, params: TurnStartParams, };\n',
  "RequestId.ts": "export type RequestId = string | number;\n",
  "ServerNotification.ts":
    'import type { TurnNotification } from "./v2/TurnNotification";\n\nexport type ServerNotification = { "method": "turn/started", "params": TurnNotification };\n',
  "ServerRequest.ts":
    'import type { RequestId } from "./RequestId";\nimport type { AskParams } from "./v2/AskParams";\n\nexport type ServerRequest = { "method": "ask", id: RequestId, params: AskParams, };\n',
  "index.ts": 'export type { RequestId } from "./RequestId";\nexport * as v2 from "./v2";\n',
  "v2/AskParams.ts": "export type AskParams = { question: string, };\n",
  "v2/AskResponse.ts": "export type AskResponse = { answer: string, };\n",
  "v2/TurnNotification.ts":
    'import type { TurnStatus } from "./TurnStatus";\n\nexport type TurnNotification = { turnId: string, status: TurnStatus, tokens: bigint | null, };\n',
  "v2/TurnStartParams.ts":
    "export type TurnStartParams = { text: string,\n/**\n * A limit, as bigint.\n */\nlimit: bigint | null, };\n",
  "v2/TurnStartResponse.ts": "export type TurnStartResponse = { turnId: string, };\n",
  "v2/TurnStatus.ts": 'export type TurnStatus = "completed" | "failed";\n',
};

const SCHEMAS = {
  definitions: {
    v2: {
      TurnStartParams: { properties: { text: {}, limit: {} }, required: ["text"] },
      AskResponse: { properties: { answer: {} }, required: ["answer"] },
    },
  },
};

/** A protocol of a handful of types, in the runtime's own form; `changes` replaces, adds or (null) removes files. */
export function smallProtocol(
  changes: Readonly<Record<string, string | null>> = {},
): ProtocolDescription {
  const types = new Map<string, string>();
  for (const [path, text] of Object.entries({ ...TYPES, ...changes })) {
    if (text !== null) types.set(path, HEADER + text);
  }
  const schemas = new Map([["codex_app_server_protocol.schemas.json", JSON.stringify(SCHEMAS)]]);
  return {
    runtimeVersion: "1.2.3",
    stableTypes: types,
    experimentalTypes: types,
    stableSchemas: schemas,
    experimentalSchemas: schemas,
  };
}
