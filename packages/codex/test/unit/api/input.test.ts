import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { externalMessage } from "../../../src/api/externalMessage.js";
import {
  continueInput,
  localImageInput,
  type RunInput,
  skillInput,
  textInput,
  toTurnInput,
  toWireInput,
} from "../../../src/api/input.js";
import { toolImage, toolText } from "../../../src/api/tools/toolContent.js";
import { PNG_URL } from "../../support/onePixelPng.js";

const MESSAGE = externalMessage({ name: "inbox", output: "Hello" });

describe("an external message", () => {
  it("becomes the tool output and the trigger of a turn without input", () => {
    const message = externalMessage({
      name: "inbox",
      namespace: "mail",
      output: "Hello",
      source: "webhook",
    });

    expect(toTurnInput(message)).toEqual({
      input: [],
      toolOutput: { name: "inbox", namespace: "mail", output: "Hello" },
      turnTrigger: "webhook",
    });
    expect(toTurnInput(MESSAGE)).toEqual({
      input: [],
      toolOutput: { name: "inbox", output: "Hello" },
    });
  });

  it("may have content of texts and images", () => {
    const output = [toolText("A chart:"), toolImage(PNG_URL)];

    expect(toTurnInput(externalMessage({ name: "inbox", output })).toolOutput?.output).toEqual([
      { type: "input_text", text: "A chart:" },
      { type: "input_image", image_url: PNG_URL },
    ]);
  });

  it.each([
    ["its name is empty", { name: " ", output: "a" }, "name"],
    ["its name is missing", { output: "a" }, "name"],
    ["its output is missing", { name: "a" }, "output"],
    ["its output is empty content", { name: "a", output: [] }, "output"],
    ["its output is a number", { name: "a", output: 5 }, "output"],
    ["its content is not content", { name: "a", output: [toolText("a"), "b"] }, "output[1]"],
    [
      "its image is damaged",
      { name: "a", output: [{ type: "inputImage", imageUrl: "x" }] },
      "output[0]",
    ],
    ["it has a lone surrogate", { name: "a", output: "\ud800" }, "output"],
    [
      "it is longer than the runtime accepts",
      { name: "a", output: "x".repeat(1_048_577) },
      "output",
    ],
    ["its source is empty", { name: "a", output: "a", source: "" }, "source"],
    ["its namespace is a number", { name: "a", output: "a", namespace: 5 }, "namespace"],
    ["it has an unknown option", { name: "a", output: "a", retain: true }, "retain"],
  ])("is refused when %s", (_what, options, option) => {
    const refused = expect.objectContaining({ code: "INVALID_OPTION", option });
    expect(() => externalMessage(options as never)).toThrow(refused);
    // A caller may also write the object itself.
    expect(() => toTurnInput({ type: "externalMessage", ...options } as never)).toThrow(refused);
  });
});

describe("an input that is the whole input of a turn", () => {
  it.each<readonly [maker: string, input: RunInput]>([
    ["externalMessage()", MESSAGE],
    ["continueInput()", continueInput()],
  ])("is refused in an array, and where a running turn may be steered: %s", (maker, input) => {
    const list = [textInput("a"), input] as unknown as RunInput;
    expect(() => toTurnInput(list)).toThrow(`input[1]: ${maker} is the whole input of a turn`);
    for (const call of [() => toTurnInput(input, { maySteer: true }), () => toWireInput(input)]) {
      expect(call).toThrow(`input: ${maker} can only start a turn`);
    }
  });

  it("has no items when it continues a thread", () => {
    expect(toTurnInput(continueInput())).toEqual({ input: [] });
  });
});

describe("an input for a runtime on another machine", () => {
  const context = { isLocal: false };

  it("keeps the paths of that machine without a look at this one", () => {
    const items = [localImageInput("/there/a.png"), skillInput("s", "C:\\there\\SKILL.md")];
    expect(toWireInput(items, context)).toEqual(items);
  });

  it("is refused with a relative path", () => {
    expect(() => toWireInput(localImageInput("a.png"), context)).toThrow("input.path: ");
    expect(() => toWireInput([skillInput("s", "SKILL.md")], context)).toThrow("input[0].path: ");
  });
});

describe("a skill", () => {
  it("is refused when its file does not exist on this machine", () => {
    expect(() => toWireInput(skillInput("greeter", join("/no", "SKILL.md")))).toThrow(
      /^input\.path: the skill ".*SKILL\.md" does not exist \(ENOENT\)/,
    );
  });
});

describe("an item of an input", () => {
  const text = { type: "text", text: "a" } as const;

  it.each<readonly [what: string, input: unknown, error: RegExp]>([
    ["a member that JSON leaves out", { ...text, extra: () => 1 }, /^input\.extra: .*a Function/],
    ["a toJSON that writes another item", { ...text, toJSON: () => 1 }, /^input\.toJSON: /],
    [
      "a getter that throws",
      Object.defineProperty({ ...text }, "text", { enumerable: true, get: throwBoom }),
      /^input: cannot be read \(boom\)/,
    ],
    [
      "a hole of a list in its place",
      Object.assign(Array(2), { 1: text }),
      /^input\[0\]: .*undefined/,
    ],
  ])("is refused with %s", (_what, input, error) => {
    // SAFETY: the point of the test is an input that the type does not allow.
    expect(() => toTurnInput(input as RunInput)).toThrow(error);
  });

  it("is sent as it was checked, also with members that it inherits", () => {
    // SAFETY: the type does not show that the members are inherited.
    const inherited = Object.create(text) as RunInput;
    expect(toTurnInput(inherited).input).toEqual([text]);
    const [first] = toWireInput([text]);
    expect(first).not.toBe(text);
  });
});

function throwBoom(): never {
  throw new Error("boom");
}

describe("an input of 100 MB", () => {
  const huge = "x".repeat(100_000_000);

  it.each<readonly [what: string, input: RunInput, message: RegExp]>([
    ["a text", huge, /at least 50000000 characters/],
    ["texts", [textInput("a"), huge as never], /at least 50000001 characters/],
    ["a local image", { type: "localImage", path: huge }, /more than the 32767/],
    ["an image", { type: "image", url: `data:image/png;base64,${huge}` }, /not a known image/],
  ])("is refused without a copy for each character of it: %s", (_what, input, message) => {
    const heap = process.memoryUsage().heapUsed;

    expect(() => toWireInput(input)).toThrow(message);

    // One code point in an array of its own costs more than ten bytes.
    expect(process.memoryUsage().heapUsed - heap).toBeLessThan(500_000_000);
  });
});
