import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { imageInput, localImageInput, tool, toolImage } from "../../src/index.js";
import { DROPPED, PASSED, typeOf } from "../support/damagedImages.js";
import { dataUrlOf, IMAGES, OTHER_FILES } from "../support/images.js";
import { requestAt } from "../support/modelRequests.js";
import { type Harness, startHarness } from "../support/testingKit.js";

const OMITTED = "image content omitted because it could not be processed";
const images = Object.entries(IMAGES);

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

describe("an image of each supported format", () => {
  it.each(images)("reaches the model from a data: URL and from a file: %s", async (type, bytes) => {
    const path = join(harness.workspace, `${type.replace("/", "-")}.bin`);
    await writeFile(path, bytes);
    harness.model.reply("Seen.");
    const thread = await harness.codex.startThread();

    await thread.run([imageInput(dataUrlOf(bytes, type)), localImageInput(path)]);

    const request = requestAt(harness.model, -1);
    expect(request.imageUrls()).toHaveLength(2);
    expect(request.userTexts()).not.toContain(OMITTED);
  });

  it.each(images)("reaches the model as the content of a tool: %s", async (type, bytes) => {
    const draw = tool({
      name: "draw",
      description: "Draws.",
      inputSchema: { type: "object", properties: {} },
      execute: () => toolImage({ data: bytes, mimeType: type }),
    });
    const thread = await harness.codex.startThread({ tools: [draw] });
    harness.model.callFunction("draw", {}).reply("Nice.");

    await thread.run("Draw.");

    expect(requestAt(harness.model, -1).functionCallOutputs().at(-1)?.output).toEqual([
      expect.objectContaining({ type: "input_image" }),
    ]);
  });

  it("reaches the model when the scheme of its URL is in upper case", async () => {
    const url = dataUrlOf(IMAGES["image/png"], "image/png").replace("data:", "DATA:");
    harness.model.reply("Seen.");
    const thread = await harness.codex.startThread();

    await thread.run(imageInput(url));

    expect(requestAt(harness.model, -1).imageUrls()).toHaveLength(1);
  });
});

describe("a damaged image", () => {
  it.each([
    ["drops", DROPPED, 0],
    ["passes on", PASSED, Object.keys(PASSED).length],
  ] as const)(
    "is one that the runtime %s where the SDK assumes that",
    async (_what, damaged, seen) => {
      const thread = await harness.codex.startThread();
      harness.model.reply("Seen.");
      const notifications = harness.codex.notifications();

      await harness.codex.client.request("turn/start", {
        threadId: thread.id,
        input: Object.entries(damaged).map(([name, bytes]) => ({
          type: "image" as const,
          url: dataUrlOf(bytes, typeOf(name)),
        })),
      });
      for await (const { method } of notifications) if (method === "turn/completed") break;

      const request = requestAt(harness.model, -1);
      const omitted = request.userTexts().filter((text) => text === OMITTED);
      expect(request.imageUrls()).toHaveLength(seen);
      expect(omitted).toHaveLength(Object.keys(damaged).length - seen);
    },
  );
});

describe("an image of another format", () => {
  it("is returned to the model as a failed call when a tool returns it", async () => {
    const imageUrl = dataUrlOf(OTHER_FILES["SVG"] ?? Buffer.alloc(0), "image/svg+xml");
    const draw = tool({
      name: "draw",
      description: "Draws.",
      inputSchema: { type: "object", properties: {} },
      execute: () => ({ type: "inputImage", imageUrl }),
    });
    const thread = await harness.codex.startThread({ tools: [draw] });
    harness.model.callFunction("draw", {}).reply("I see.");

    const { items } = await thread.run("Draw.");

    expect(items.find((item) => item.type === "dynamicToolCall")).toMatchObject({ success: false });
    expect(requestAt(harness.model, -1).functionCallOutputs().at(-1)?.output).toContain(
      "the image is SVG",
    );
  });

  it.each(Object.entries(OTHER_FILES))(
    "is dropped by the runtime in a turn that completes, which is why the SDK refuses it: %s",
    async (_name, bytes) => {
      harness.model.reply("Seen.");
      const thread = await harness.codex.startThread();
      const notifications = harness.codex.notifications();

      await harness.codex.client.request("turn/start", {
        threadId: thread.id,
        input: [{ type: "image", url: dataUrlOf(bytes, "image/png") }],
      });
      for await (const { method, params } of notifications) {
        if (method !== "turn/completed") continue;
        expect(params).toMatchObject({ turn: { status: "completed" } });
        break;
      }

      expect(requestAt(harness.model, -1).userTexts()).toContain(OMITTED);
    },
  );
});
