import {
  failure,
  message,
  SCRIPTED_MODEL_NAME,
  type ScriptedModel,
  streamedMessage,
} from "@openai/codex/testing";

/** Scripts the model for the notebook: by the last question, as turns of several threads come in any order. */
export function playNotebookModel(model: ScriptedModel): void {
  let attempts = 0;
  model.callFunction("dice", {});
  model.respond((request) => {
    const asked = request.lastUserText() ?? "";
    const texts = request.userTexts().join("\n");
    if (asked.startsWith("My favourite number is 7")) return [message("OK.")];
    if (asked.startsWith("What is twice")) {
      return [message(texts.includes("My favourite number is 7") ? "14." : "?")];
    }
    if (asked.startsWith("Count from")) return [streamedMessage(["One, ", "two, ", "three."])];
    if (asked.startsWith("Name a prime")) {
      const isScripted = request.modelName() === SCRIPTED_MODEL_NAME;
      return [message(isScripted || request.reasoningEffort() === undefined ? "?" : "101.")];
    }
    if (asked.startsWith("Whose flag")) {
      return [message(request.imageUrls().length === 1 ? "France's." : "?")];
    }
    if (asked.startsWith("Which colours") || asked === "</image>") {
      return [message(request.imageUrls().length === 2 ? "Blue, white, red." : "?")];
    }
    if (asked.startsWith("Name a sea")) {
      attempts += 1;
      return attempts === 1
        ? [failure("server_is_overloaded", "Busy.")]
        : [message("The North Sea.")];
    }
    if (asked.startsWith("What is three times")) {
      return [message(texts.includes("My favourite number is 7") ? "21." : "?")];
    }
    if (asked.startsWith("Which year")) {
      return [message(request.textFormat() === undefined ? "?" : '{"year":1989}')];
    }
    if (asked.startsWith("Throw the dice")) {
      const output = request.functionCallOutputs().at(-1)?.text;
      // The first request is left to the queue: the call of the tool.
      return output === undefined ? undefined : [message(output)];
    }
    if (asked.startsWith("Say hello")) return [message("Hello meanwhile.")];
    return [streamedMessage(["Once upon a time", model.gate()])];
  });
}
