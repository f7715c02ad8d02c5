// An answer of a given form. With a schema object, `output` is parsed, checked and typed.
import { Codex, CodexError } from "@openai/codex";
import { z } from "zod";

const Recipe = z.object({
  title: z.string(),
  minutes: z.number().int().positive(),
  ingredients: z.array(z.object({ name: z.string(), grams: z.number().optional() })),
});

await using codex = new Codex();
const thread = await codex.startThread();

try {
  const { output } = await thread.run("A simple recipe for pancakes.", { outputSchema: Recipe });
  console.log("Title:", output.title);
  console.log("Minutes:", output.minutes);
  for (const { name, grams } of output.ingredients) {
    console.log("Ingredient:", grams === undefined ? name : `${grams} g of ${name}`);
  }
} catch (error) {
  if (!(error instanceof CodexError) || error.code !== "OUTPUT_VALIDATION") throw error;
  console.log("The answer does not fit:", error.message);
}
