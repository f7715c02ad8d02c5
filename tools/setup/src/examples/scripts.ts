import {
  functionCall,
  message,
  reasoning,
  SCRIPTED_MODEL_NAME,
  type ScriptedModel,
  shellCall,
  streamedMessage,
  usage,
} from "@openai/codex/testing";

/** Scripts the model for one example. */
export type ExampleScript = (model: ScriptedModel) => void;

const escalated = { sandbox_permissions: "require_escalated", justification: "You asked for it." };

/** Scripts of the model by the name of the example; an example without one does not call the model. */
export const EXAMPLE_SCRIPTS: Readonly<Record<string, ExampleScript | undefined>> = {
  "01_quickStart": (model) => model.reply("Hello there."),
  "02_turnRun": (model) => model.reply("Tides rise and fall."),
  "03_streamEvents": (model) => model.streamText(["Blue ", "light ", "scatters."]),
  "05_existingThread": (model) =>
    model.respond((request) => {
      const texts = request.userTexts();
      const isAskedBack = texts.includes("Which word did I ask you to remember?");
      const isRemembered = texts.includes("Remember the word lighthouse.");
      return [message(isAskedBack && isRemembered ? "Lighthouse." : "I will.")];
    }),
  "06_threadLifecycle": (model) => {
    for (const text of ["One.", "Two.", "Three.", "A summary."]) model.reply(text);
  },
  "07_imageAndText": (model) =>
    model.respond((request) => [message(request.imageUrls().length === 1 ? "France." : "?")]),
  "08_localImage": (model) =>
    model.respond((request) => [
      message(request.imageUrls().length === 1 ? "Blue, white, red." : "?"),
    ]),
  "09_manyTurnsAtOnce": (model) =>
    model.respond(async (request) => {
      // No turn gets its answer before all three are under way.
      await model.waitForRequests(3);
      const language = /in (\w+)\./.exec(request.lastUserText() ?? "")?.[1] ?? "?";
      return [streamedMessage([`morning in ${language}`])];
    }),
  "10_errorsAndRetry": (model) => model.fail("server_error", "The model is out of order."),
  "11_chat": (model) =>
    model
      .enqueue(streamedMessage(["Hi ", "there."]), usage({ inputTokens: 12, outputTokens: 3 }))
      .streamText(["I am fine."])
      .respond(() =>
        model.pendingResponses > 0 ? undefined : [message("My script has only two answers.")],
      ),
  "12_turnOptions": (model) =>
    model.enqueue(
      reasoning("I think of the cathedral."),
      message('{"stops":["Minster"],"minutes":30}'),
    ),
  "13_modelSelect": (model) =>
    model.respond((request) => {
      const isSelected =
        request.modelName() !== SCRIPTED_MODEL_NAME && request.reasoningEffort() !== undefined;
      return [message(isSelected ? "Proved." : "?")];
    }),
  "14_turnControls": (model) =>
    model.respond((request) => {
      const asked = request.lastUserText() ?? "";
      if (asked.includes("two lines")) return [message("A lake lies still,\nand so do I.")];
      // The message during which the turn is steered, interrupted or aborted never ends by itself.
      return [streamedMessage(["One, ", model.gate(), "two"])];
    }),
  "16_goals": (model) =>
    model
      .streamText(["I ", "look."])
      .enqueue(functionCall("update_goal", { status: "complete" }))
      .enqueue(streamedMessage(["It is ", "empty."])),
  "17_approvals": (model) =>
    model
      .enqueue(shellCall("node --version", escalated))
      .enqueue(shellCall("node --help", escalated))
      .reply("The first one ran."),
  "18_tools": (model) =>
    model
      .callFunction("stock", { fruit: "plums" })
      .callFunction("stock", { fruit: "kiwis" })
      .respond((request) => {
        const outputs = request.functionCallOutputs().map(({ text }) => text);
        return outputs.length === 2 ? [message(outputs.join(" / "))] : undefined;
      }),
  "19_structuredOutput": (model) =>
    model.reply(
      JSON.stringify({
        title: "Pancakes",
        minutes: 20,
        ingredients: [
          { name: "flour", grams: 200 },
          { name: "salt", grams: null },
        ],
      }),
    ),
  "21_sseServer": (model) => model.streamText(["Hello ", "to ", "you."]),
  "22_terminalAgent": (model) =>
    model.respond((request) => {
      const [output] = request.functionCallOutputs();
      if (output !== undefined) return [streamedMessage(["There ", "is one."])];
      const asked = request.lastUserText() ?? "";
      if (asked === "Count the files.") return [streamedMessage(["Counting", model.gate()])];
      if (asked === "Only those of this week.") return [shellCall("node --version", escalated)];
      return [streamedMessage(["My script has one conversation only."])];
    }),
  "23_reviewManyFiles": (model) =>
    model.respond((request) => {
      const file = /^Review (\S+):/.exec(request.lastUserText() ?? "")?.[1] ?? "?";
      return [message(JSON.stringify({ grade: "good", remark: `${file} is short.` }))];
    }),
  "24_githubAction": (model) =>
    model.reply(
      JSON.stringify({
        summary: "The limit of a page is not checked.",
        findings: [{ file: "src/app.ts", line: 12, severity: "low", text: "limit may be 0" }],
      }),
    ),
  "25_channelBot": (model) =>
    model.respond((request) => {
      const texts = request.userTexts().join(" ");
      if (!texts.includes("Who am I")) return [message("Noted.")];
      const isAda = texts.includes("Ada") && texts.includes("Oslo") && !texts.includes("Ben");
      return [message(isAda ? "You are Ada, and live in Oslo." : "?")];
    }),
  "26_externalMessage": (model) =>
    model.respond((request) => {
      const isData = request.userTexts().every((text) => !text.includes("Ignore your"));
      return [
        message(JSON.stringify({ category: isData ? "spam" : "question", givesOrders: true })),
      ];
    }),
  "27_budgetedGoal": (model) =>
    model.respond(({ number }) =>
      number < 5
        ? [message(`Page ${number} is done.`), usage({ inputTokens: 29_000, outputTokens: 1_000 })]
        : number === 5
          ? [functionCall("update_goal", { status: "complete" })]
          : [message("All pages are done.")],
    ),
};
