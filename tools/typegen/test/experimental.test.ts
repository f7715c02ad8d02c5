import { expect, test } from "vitest";

import { renderProtocol } from "../src/generateTypes.js";
import { smallProtocol } from "./support/protocol.js";

const NO_TABLE = { responsesByHand: {} };

/** Renders a type of which the stable protocol has another form, or (null) none at all. */
function renderWithStable(experimental: string, stable: string | null) {
  const protocol = smallProtocol({ "v2/AskParams.ts": experimental });
  const stableTypes = new Map(smallProtocol().stableTypes);
  if (stable === null) stableTypes.delete("v2/AskParams.ts");
  else stableTypes.set("v2/AskParams.ts", stable);
  const { tree, manifest } = renderProtocol({ ...protocol, stableTypes }, NO_TABLE);
  const text = tree.get("v2/AskParams.ts") ?? "";
  return {
    text: text.slice(text.indexOf("\n\n") + 2),
    experimentalMembers: manifest.experimentalMembers,
  };
}

test("a property that the stable protocol lacks gets a doc comment with the experimental tag", () => {
  expect(
    renderWithStable(
      "export type AskParams = { question: string, host: string, };\n",
      "export type AskParams = { question: string, };\n",
    ),
  ).toEqual({
    text: "export type AskParams = { question: string,\n/**\n * @experimental\n */\nhost: string, };\n",
    experimentalMembers: ["AskParams.host"],
  });
});

test("the experimental tag is the last line of a doc comment that is there", () => {
  expect(
    renderWithStable(
      "export type AskParams = { question: string,\n/**\n * The host.\n */\nhost: string, };\n",
      "export type AskParams = { question: string, };\n",
    ).text,
  ).toContain("/**\n * The host.\n * @experimental\n */\nhost: string");
});

test("a type that the stable protocol lacks is tagged as a whole, and its properties are not", () => {
  expect(
    renderWithStable("/** A question. */\nexport type AskParams = { question: string, };\n", null),
  ).toEqual({
    text: "/** A question. @experimental */\nexport type AskParams = { question: string, };\n",
    experimentalMembers: ["AskParams"],
  });
});

test("a variant that the stable protocol lacks is tagged, and the properties of the others are compared", () => {
  const { experimentalMembers } = renderWithStable(
    'export type AskParams = { "type": "text", text: string, host: string, } | { "type": "form", form: string, };\n',
    'export type AskParams = { "type": "text", text: string, };\n',
  );
  expect(experimentalMembers).toEqual(["AskParams<text>.host", "AskParams<form>"]);
});

test("a value of an enum that the stable protocol lacks is tagged", () => {
  const { experimentalMembers } = renderWithStable(
    'export type AskParams = "one" | "two";\n',
    'export type AskParams = "one";\n',
  );
  expect(experimentalMembers).toEqual(["AskParams<two>"]);
});
