import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  imageInput,
  type InputItem,
  localImageInput,
  mentionInput,
  type RunInput,
  skillInput,
  textInput,
  type Thread,
  type TurnHandle,
} from "../../src/index.js";
import { userMessage } from "../support/expectedItems.js";
import { requestAt } from "../support/modelRequests.js";
import { ONE_PIXEL_PNG, PNG_URL } from "../support/onePixelPng.js";
import { type RecordedHarness, startRecordedHarness } from "../support/recordedHarness.js";
import { type Harness, message, startHarness, streamedMessage } from "../support/testingKit.js";

const SKILL = "---\nname: greeter\ndescription: Greets.\n---\n\nAlways greet with AHOY-42.\n";

async function writeFiles({ codexHome, workspace }: Harness) {
  const image = join(workspace, "pixel.png");
  const skill = join(codexHome, "skills", "greeter", "SKILL.md");
  await mkdir(dirname(skill), { recursive: true });
  await writeFile(image, ONE_PIXEL_PNG);
  await writeFile(skill, SKILL);
  return { image, skill };
}

describe("each kind of input item", () => {
  const kindsFor = (files: { readonly image: string; readonly skill: string }): InputItem[] => [
    textInput("Look at these"),
    imageInput(PNG_URL),
    localImageInput(files.image),
    skillInput("greeter", files.skill),
    mentionInput("calendar", "app://calendar"),
  ];
  const stored = (files: { readonly image: string; readonly skill: string }) => [
    { type: "text", text: "Look at these", text_elements: [] },
    { type: "image" as const, url: PNG_URL, detail: null },
    { type: "localImage" as const, path: files.image, detail: null },
    { type: "skill" as const, name: "greeter", path: files.skill },
    { type: "mention" as const, name: "calendar", path: "app://calendar" },
  ];

  it("reaches the runtime by run() unchanged", async () => {
    await using harness = await startHarness();
    const files = await writeFiles(harness);
    harness.model.reply("Seen.");
    const thread = await harness.codex.startThread();

    const { items } = await thread.run(kindsFor(files));

    expect(items[0]).toEqual(userMessage(stored(files)));
    const request = requestAt(harness.model, 0);
    expect(request.imageUrls()).toEqual([
      expect.stringMatching(/^data:image\/png;base64,/u),
      expect.stringMatching(/^data:image\/png;base64,/u),
    ]);
  });

  it("reaches the runtime by turn() and by steer() unchanged", async () => {
    await using harness = await startHarness();
    const files = await writeFiles(harness);
    const gate = harness.model.gate();
    harness.model.streamText(["Looking", gate]).reply("Seen.");
    const thread = await harness.codex.startThread();
    const turn = await thread.turn(kindsFor(files));
    await gate.reached;

    await turn.steer(kindsFor(files));
    const { items } = await turn.run();

    expect(items.slice(0, 2)).toEqual([userMessage(stored(files)), userMessage(stored(files))]);
    expect(requestAt(harness.model, 1).imageUrls()).toHaveLength(4);
  });
});

describe("an input", () => {
  it("may be a string, one item, or plain objects and strings in a list", async () => {
    await using harness = await startHarness();
    harness.model.respond(() => [message("ok")]);
    const thread = await harness.codex.startThread();
    const text = (content: string) => ({
      type: "text" as const,
      text: content,
      text_elements: [],
    });

    const first = await thread.run("alone");
    const second = await thread.run(textInput("one item"));
    const third = await thread.run([
      { type: "text", text: "plain", text_elements: [] },
      textInput("helped"),
    ]);

    expect([first.items[0], second.items[0], third.items[0]]).toEqual([
      userMessage([text("alone")]),
      userMessage([text("one item")]),
      userMessage([text("plain"), text("helped")]),
    ]);
  });

  it("with an image as a data URL shows the model that image", async () => {
    await using harness = await startHarness();
    harness.model.reply("A pixel.");
    const thread = await harness.codex.startThread();

    await thread.run([textInput("What is this?"), imageInput(PNG_URL)]);

    const request = requestAt(harness.model, 0);
    expect(request.lastUserText()).toBe("What is this?");
    expect(request.imageUrls()).toEqual([PNG_URL]);
  });

  it("with a local image shows the model that image as a data URL, from a relative path, too", async () => {
    await using harness = await startHarness();
    const { image } = await writeFiles(harness);
    harness.model.reply("A pixel.").reply("The same.");
    const thread = await harness.codex.startThread();

    await thread.run([textInput("What is this?"), localImageInput(image)]);
    await thread.run([textInput("And this?"), localImageInput(relative(process.cwd(), image))]);

    expect(requestAt(harness.model, 0).imageUrls()).toEqual([PNG_URL]);
    expect(requestAt(harness.model, 1).imageUrls()).toEqual([PNG_URL, PNG_URL]);
  });

  it("with a skill gives the model its name, path and body", async () => {
    await using harness = await startHarness();
    const { skill } = await writeFiles(harness);
    harness.model.reply("AHOY-42");
    const thread = await harness.codex.startThread();

    await thread.run([textInput("Greet me"), skillInput("greeter", skill)]);

    const injected = requestAt(harness.model, 0)
      .userTexts()
      .find((text) => text.includes("<skill>"));
    expect(injected).toContain("<name>greeter</name>");
    expect(injected).toContain(`<path>${skill}</path>`);
    expect(injected).toContain("Always greet with AHOY-42.");
  });

  it("with a skill by a link to its folder gives the model the skill, also one that is new", async () => {
    await using harness = await startHarness();
    await writeFiles(harness);
    harness.model.respond(() => [message("ok")]);
    const thread = await harness.codex.startThread();
    await thread.run("Hello");
    const folder = join(harness.workspace, ".agents", "skills", "late");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "SKILL.md"), SKILL.replace("AHOY-42", "LATE-43"));
    await symlink(folder, join(harness.workspace, "link"), "junction");

    await thread.run(skillInput("greeter", join(harness.workspace, "link", "SKILL.md")));

    expect(requestAt(harness.model, -1).userTexts().join()).toContain("LATE-43");
  });

  it("with a file that is not a skill of the turn's folder is refused, also in a steer, and nothing is sent", async () => {
    await using harness = await startRecordedHarness();
    const { skill } = await writeFiles(harness);
    harness.model.respond(() => [message("ok")]);
    const elsewhere = join(harness.workspace, "elsewhere", "SKILL.md");
    const other = join(dirname(skill), "other.md");
    await mkdir(dirname(elsewhere));
    await Promise.all([writeFile(elsewhere, SKILL), writeFile(other, SKILL)]);
    const thread = await harness.codex.startThread();

    const refusals = await Promise.all(
      [elsewhere, other].map((path) =>
        thread.run([textInput("Greet me"), skillInput("greeter", path)]).catch((error) => error),
      ),
    );

    const refusal = expect.objectContaining({
      code: "INVALID_OPTION",
      option: "input[1].path",
      message: expect.stringContaining("greeter"),
    });
    expect(refusals).toEqual([refusal, refusal]);
    expect(harness.sent("turn/start")).toEqual([]);

    // A turn that runs has the same folder.
    const gate = harness.model.gate();
    harness.model.respond(() => [streamedMessage(["Hm", gate])]);
    const turn = await thread.turn("Wait");
    await gate.reached;
    const steered = turn.steer([textInput("Greet me"), skillInput("greeter", elsewhere)]);
    await expect(steered).rejects.toEqual(refusal);
    expect(harness.sent("turn/steer")).toEqual([]);
    await turn.steer([textInput("Greet me"), skillInput("greeter", skill)]);
    expect(harness.sent("turn/steer")).toHaveLength(1);
    await turn.interrupt();
  });

  it("with any Unicode text reaches the model unchanged", async () => {
    await using harness = await startHarness();
    harness.model.reply("ok");
    const thread = await harness.codex.startThread();
    const text = 'a\u0000b \u2028 \u2029 \u0085 \r\n \t \u{1F600} \u{10FFFF} \\ " é';

    await thread.run(text);

    expect(requestAt(harness.model, 0).lastUserText()).toBe(text);
  });

  it("may have exactly as many characters as the runtime accepts", async () => {
    await using harness = await startHarness();
    harness.model.reply("Long.");
    const thread = await harness.codex.startThread();
    // The last one is two UTF-16 units, and one character.
    const longest = `${"x".repeat(1_048_575)}😀`;

    expect((await thread.run(longest)).finalResponse).toBe("Long.");
  });
});

describe("an invalid input is refused before anything is sent", () => {
  const badInputs: readonly (readonly [what: string, input: unknown, message: RegExp])[] = [
    ["an empty list", [], /is an empty array/u],
    ["a missing local image", localImageInput("/no/such.png"), /\/no\/such\.png" does not exist/u],
    ["a folder as a local image", localImageInput(process.cwd()), /is not a file/u],
    [
      "a remote image",
      imageInput("https://example.com/a.png"),
      /is not a data: URL.*localImageInput/u,
    ],
    [
      "an unknown kind",
      { type: "video", url: "x" },
      /unsupported input item: an object with the type "video"/u,
    ],
    ["an item without its text", { type: "text" }, /input\.text: expected a string/u],
    ["null", null, /unsupported input item: null/u],
    ["a number", 7, /unsupported input item: 7/u],
    ["undefined", undefined, /unsupported input item: undefined/u],
    ["null in a list", [textInput("a"), null], /input\[1\]: unsupported input item: null/u],
    ["too much text", "x".repeat(1_048_577), /1048577 characters/u],
    [
      "too much text in parts",
      [textInput("x".repeat(1_048_576)), textInput("y")],
      /1048577 characters.*1048576/u,
    ],
    ["a lone surrogate", "a\ud800b", /input\.text: the text has a lone surrogate/u],
  ];

  let harness: RecordedHarness;
  let busy: { readonly thread: Thread; readonly turn: TurnHandle };

  beforeAll(async () => {
    harness = await startRecordedHarness();
    const gate = harness.model.gate();
    harness.model.streamText(["Working", gate]);
    const thread = await harness.codex.startThread();
    busy = { thread, turn: await thread.turn("Work") };
    await gate.reached;
  });

  afterAll(() => harness.close());

  it.each(badInputs)("%s", async (_what, bad, pattern) => {
    // What a caller without a compiler may pass.
    const input = bad as RunInput;
    const free = await harness.codex.startThread();
    const starts = [
      () => free.run(input),
      () => free.turn(input),
      () => busy.turn.steer(input),
      () => busy.thread.turn(input, { whenBusy: "steer" }),
    ];

    const refusals = await Promise.all(
      starts.map((start) => start().catch((error: unknown) => error)),
    );

    const refusal = expect.objectContaining({
      name: "InvalidOptionError",
      code: "INVALID_OPTION",
      message: expect.stringMatching(pattern),
    });
    expect(refusals).toEqual([refusal, refusal, refusal, refusal]);
    expect([harness.sent("turn/start").length, harness.sent("turn/steer")]).toEqual([1, []]);
  });
});
