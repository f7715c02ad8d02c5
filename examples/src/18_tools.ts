// A function of this program that the model can call. The schema types and checks its input.
import { Codex, tool } from "@openai/codex";
import { z } from "zod";

const STOCK: Readonly<Record<string, number>> = { apples: 12, pears: 0, plums: 40 };

const stock = tool({
  name: "stock",
  description: "Returns how many pieces of a fruit are in stock.",
  inputSchema: z.object({ fruit: z.string() }),
  execute: ({ fruit }) => {
    const pieces = STOCK[fruit];
    console.log(`Tool called: stock(${fruit})`);
    // The model receives an error of the tool as a failed call.
    if (pieces === undefined) throw new Error(`We do not sell ${fruit}.`);
    return { fruit, pieces };
  },
});

await using codex = new Codex();
const thread = await codex.startThread({ tools: [stock] });
const result = await thread.run("Use the stock tool: have we got plums, and kiwis?");

console.log("Answer:", result.finalResponse);
