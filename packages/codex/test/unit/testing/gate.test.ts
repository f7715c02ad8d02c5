import { describe, expect, it } from "vitest";

import { createDeferred } from "../../../src/internal/deferred.js";
import { httpStatus, message } from "../../../src/testing/index.js";
import { ScriptedModel } from "../../../src/testing/scriptedModel.js";
import { ask, eventsOf, textEvents } from "./responsesClient.js";

describe("a gate in a script", () => {
  it("holds the stream after what stands before it, until it is opened", async () => {
    await using model = await ScriptedModel.start();
    const gate = model.gate();
    model.streamText(["Hel", gate, "lo"]);
    const response = await ask(model);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let read = "";
    while (!read.includes('"delta":"Hel"')) read += (await reader?.read())?.value;
    await gate.reached;

    expect(gate.isOpen).toBe(false);
    expect(read).not.toContain('"delta":"lo"');
    gate.open();
    for (let done = false; !done;) {
      const chunk = await reader?.read();
      done = chunk?.done ?? true;
      read += chunk?.value ?? "";
    }

    expect(gate.isOpen).toBe(true);
    expect(read).toContain('"text":"Hello"');
  });

  it("can stand before an HTTP status", async () => {
    await using model = await ScriptedModel.start();
    const gate = model.gate();
    model.enqueue(gate, httpStatus(503, { body: "busy" }));
    const asked = ask(model);
    await gate.reached;
    gate.open();

    const response = await asked;

    expect([response.status, await response.text()]).toEqual([503, "busy"]);
  });

  it("holds nothing back when it was opened before", async () => {
    await using model = await ScriptedModel.start();
    const gate = model.gate();
    gate.open();
    model.enqueue(gate, message("through"));

    expect(textEvents(await eventsOf(await ask(model)))).toEqual(["through"]);
  });

  it("lets the response end, and the next one come, when the client hangs up at it", async () => {
    await using model = await ScriptedModel.start();
    const gate = model.gate();
    const left = createDeferred<string>();
    function* parts() {
      try {
        yield "first";
        yield gate;
        left.resolve("past the gate");
      } finally {
        left.resolve("at the gate");
      }
    }
    model.streamText(parts()).reply("second");
    const controller = new AbortController();
    const hungUp = await fetch(`${model.url}/responses`, {
      method: "POST",
      body: "{}",
      signal: controller.signal,
    });
    await gate.reached;
    controller.abort();
    await expect(hungUp.text()).rejects.toThrow("aborted");

    expect(await left.promise).toBe("at the gate");
    expect(textEvents(await eventsOf(await ask(model)))).toEqual(["second"]);
  });
});
