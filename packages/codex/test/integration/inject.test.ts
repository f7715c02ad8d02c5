import { describe, expect, it } from "vitest";

import { message } from "../../src/testing/index.js";
import { dataUrlOf, IMAGES, OTHER_FILES } from "../support/images.js";
import { requestAt } from "../support/modelRequests.js";
import { startRecordedHarness } from "../support/recordedHarness.js";

const userMessage = (...content: object[]) => ({ type: "message", role: "user", content });
const image = (bytes: Buffer, type = "image/png") => ({
  type: "input_image",
  image_url: dataUrlOf(bytes, type),
});

describe("thread.inject", () => {
  it("shows the model the text and the image of an item", async () => {
    await using harness = await startRecordedHarness();
    harness.model.respond(() => [message("ok")]);
    const thread = await harness.codex.startThread();

    await thread.inject([
      userMessage({ type: "input_text", text: "MARK-1" }, image(IMAGES["image/png"])),
    ]);
    await thread.run("Go.");

    const request = requestAt(harness.model, 0);
    expect(request.userTexts()).toContain("MARK-1");
    expect(request.imageUrls()).toHaveLength(1);
  });

  it("refuses what the model would not see, before anything is sent", async () => {
    await using harness = await startRecordedHarness();
    const thread = await harness.codex.startThread();
    const svg = OTHER_FILES["SVG"] ?? Buffer.alloc(0);
    // What a caller without a compiler may pass.
    const bad = (item: unknown) => [item] as never;
    const calls = [
      [],
      bad({ type: "mesage", role: "user", content: [] }),
      bad({ role: "user", content: [] }),
      bad(userMessage(image(svg, "image/svg+xml"))),
      bad({ type: "function_call_output", call_id: "1", output: [image(svg, "image/svg+xml")] }),
      bad(userMessage({ type: "input_text", text: () => "x" })),
      bad({ type: "message", role: "user", content: [], extra: Number.NaN }),
    ];

    const refusals = await Promise.all(
      calls.map((items) => thread.inject(items).then(String, (error: unknown) => error)),
    );

    expect(refusals).toEqual(calls.map(() => expect.objectContaining({ code: "INVALID_OPTION" })));
    expect(harness.sent("thread/inject_items")).toEqual([]);
  });
});
