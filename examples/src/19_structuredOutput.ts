// An answer in a given form. With a schema object, `output` is parsed, validated and typed.
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
  const result = await thread.run("A simple recipe for pancakes.", { outputSchema: Recipe });
  // A turn that was interrupted has no output.
  if (result.status === "completed") {
    console.log("Title:", result.output.title);
    console.log("Minutes:", result.output.minutes);
    for (const { name, grams } of result.output.ingredients) {
      console.log("Ingredient:", grams === undefined ? name : `${grams} g of ${name}`);
    }
  }
} catch (error) {
  if (!(error instanceof CodexError) || error.code !== "OUTPUT_VALIDATION") throw error;
  console.log("The answer does not fit:", error.message);
}
