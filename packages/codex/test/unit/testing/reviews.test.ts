import { describe, expect, it } from "vitest";

import { ScriptedModel } from "../../../src/testing/scriptedModel.js";
import { ask, eventsOf, textEvents, userMessage } from "./responsesClient.js";

/** A review request in the form in which the runtime sends it. */
const REVIEW = {
  ...userMessage("review this"),
  client_metadata: { "x-openai-subagent": "guardian" },
};

describe("a review request of the runtime", () => {
  it.each(["allow", "deny"] as const)(
    "is answered with the outcome %s, and does not take a response of the script",
    async (reviews) => {
      await using model = await ScriptedModel.start({ reviews });
      model.reply("scripted");

      const [answer = ""] = textEvents(await eventsOf(await ask(model, REVIEW)));

      expect(JSON.parse(answer)).toMatchObject({ outcome: reviews });
      expect(model.pendingResponses).toBe(1);
      expect(model.requests).toEqual([]);
      expect(model.reviewRequests.map((request) => request.lastUserText())).toEqual([
        "review this",
      ]);
    },
  );

  it("is allowed by default", async () => {
    await using model = await ScriptedModel.start();

    const [answer = ""] = textEvents(await eventsOf(await ask(model, REVIEW)));

    expect(JSON.parse(answer)).toMatchObject({ outcome: "allow" });
  });

  it("is answered by the script with the option reviews: script", async () => {
    await using model = await ScriptedModel.start({ reviews: "script" });
    model.reply("scripted");

    expect(textEvents(await eventsOf(await ask(model, REVIEW)))).toEqual(["scripted"]);
    expect(model.requests).toHaveLength(1);
    expect(model.reviewRequests).toEqual([]);
  });

  it("is not recognised in a request whose body is not JSON", async () => {
    await using model = await ScriptedModel.start();
    model.reply("scripted");

    const response = await fetch(`${model.url}/responses`, { method: "POST", body: "{" });

    expect(textEvents(await eventsOf(response))).toEqual(["scripted"]);
  });
});
