import type { ScriptedModel } from "../../../src/testing/scriptedModel.js";

/** An event of the stream, as a client reads it. */
export interface StreamEvent {
  readonly type: string;
  readonly item?: { readonly content?: readonly { readonly text: string }[] };
}

export function userMessage(text: string): object {
  return {
    model: "mock-model",
    input: [{ type: "message", role: "user", content: [{ type: "input_text", text }] }],
  };
}

/** Asks the model as the runtime does. */
export function ask(model: ScriptedModel, body: object = userMessage("hello")): Promise<Response> {
  return fetch(`${model.url}/responses`, { method: "POST", body: JSON.stringify(body) });
}

/** Reads the whole stream and checks that each event's name is its type. */
export async function eventsOf(response: Response): Promise<StreamEvent[]> {
  const blocks = (await response.text()).split("\n\n").filter((block) => block !== "");
  return blocks.map((block) => {
    const match = /^event: (.+)\ndata: (.+)$/u.exec(block);
    if (match?.[1] === undefined || match[2] === undefined) throw new Error(`No event: ${block}`);
    // The tests compare the whole of what was read with what they expect.
    const event = JSON.parse(match[2]) as StreamEvent;
    if (event.type !== match[1]) throw new Error(`${match[1]} holds an event ${event.type}`);
    return event;
  });
}

/** The texts of the messages that were completed. */
export function textEvents(events: readonly StreamEvent[]): string[] {
  return events.flatMap((event) => event.item?.content?.map(({ text }) => text) ?? []);
}
