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
      // What is being said when the turn is steered, interrupted or aborted never ends by itself.
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
};
