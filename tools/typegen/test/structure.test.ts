import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { codexPath } from "@openai/codex-cli-bin";
import { beforeAll, expect, test } from "vitest";

import { askRuntime, type ProtocolDescription } from "../src/askRuntime.js";
import { type FileTree, readTree } from "../src/fileTree.js";
import { type MethodEntry, readMaps } from "../src/methodMaps.js";
import { parseTypeFile } from "../src/parseTypes.js";
import { objectsOf, tagOf } from "../src/unionTypes.js";
import { generatedDir } from "./support/protocol.js";

/** Methods that the runtime leaves out of its JSON Schema: the deprecated and the internal ones. */
const ABSENT_FROM_SCHEMA = new Set([
  "getAuthStatus",
  "getConversationSummary",
  "gitDiffToRemote",
  "rawResponse/completed",
  "rawResponseItem/completed",
]);

let protocol: ProtocolDescription;
let maps: ReadonlyMap<string, readonly MethodEntry[]>;

beforeAll(async () => {
  protocol = await askRuntime(codexPath());
  maps = readMaps(await readFile(new URL("methodMaps.ts", generatedDir), "utf8"));
});

test.each(["ClientRequest", "ServerRequest", "ServerNotification", "ClientNotification"])(
  "the map of %s has the methods of the runtime's JSON Schema, with their stability",
  (union) => {
    const experimental = schemaTags(protocol.experimentalSchemas, `${union}.json`, "method");
    const stable = new Set(schemaTags(protocol.stableSchemas, `${union}.json`, "method"));
    const expected = experimental.map((method) => [
      method,
      stable.has(method) ? "stable" : "experimental",
    ]);
    const actual = (maps.get(`${union}Map`) ?? [])
      .filter(({ method }) => !ABSENT_FROM_SCHEMA.has(method))
      .map(({ method, stability }) => [method, stability]);
    expect(actual.toSorted()).toEqual(expected.toSorted());
    expect(actual.length).toBeGreaterThan(0);
  },
);

test("the methods that the schema leaves out are in the maps", () => {
  const methods = [...maps.values()].flat().map(({ method }) => method);
  expect([...ABSENT_FROM_SCHEMA].filter((method) => !methods.includes(method))).toEqual([]);
});

test("every request has a result type of its own kind, and no notification has one", () => {
  const requests = [
    ...(maps.get("ClientRequestMap") ?? []),
    ...(maps.get("ServerRequestMap") ?? []),
  ];
  expect(requests.filter(({ result }) => !result?.endsWith("Response"))).toEqual([]);
  const notifications = maps.get("ServerNotificationMap") ?? [];
  expect(notifications.filter(({ result }) => result !== null)).toEqual([]);
});

test("every response type that the runtime wrote is the result of a method", () => {
  const results = new Set([...maps.values()].flat().map(({ result }) => result));
  const responses = [...protocol.experimentalTypes.keys()]
    .map((path) => path.replace(/^.*\/|\.ts$/g, ""))
    .filter((name) => name.endsWith("Response"));
  expect(responses.filter((name) => !results.has(name))).toEqual([]);
});

test("ThreadItem has every variant of the schema", async () => {
  const path = "v2/ThreadItem.ts";
  const file = parseTypeFile(path, await readFile(new URL(path, generatedDir), "utf8"));
  const tags = objectsOf(file.type).flatMap((object) => tagOf(object)?.value ?? []);
  const schemaPath = "codex_app_server_protocol.v2.schemas.json";
  const expected = schemaTags(protocol.experimentalSchemas, schemaPath, "type", "ThreadItem");
  expect(tags.toSorted()).toEqual(expected.toSorted());
  expect(tags).toContain("agentMessage");
});

test("no generated type holds a bigint, for JSON has none", async () => {
  const tree = await readTree(fileURLToPath(generatedDir));
  const offending = [...tree].filter(([, text]) =>
    /\bbigint\b/.test(text.replaceAll(/\/\*[\s\S]*?\*\//g, "")),
  );
  expect(offending.map(([path]) => path)).toEqual([]);
});

/** The tags of the variants of a `oneOf`, at the top of a schema file or in one of its definitions. */
function schemaTags(schemas: FileTree, path: string, tag: string, definition?: string): string[] {
  const schema: unknown = JSON.parse(schemas.get(path) ?? "null");
  const union =
    definition === undefined ? schema : member(member(schema, "definitions"), definition);
  const variants = member(union, "oneOf");
  if (!Array.isArray(variants)) throw new Error(`${path} holds no oneOf.`);
  return variants.map((variant: unknown) =>
    String(member(member(member(member(variant, "properties"), tag), "enum"), "0")),
  );
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
