// Three threads over one client: their turns run, and stream, at the same time.
import { Codex } from "@openai/codex";

await using codex = new Codex();

async function translate(language: string): Promise<string> {
  const thread = await codex.startThread({ ephemeral: true });
  const turn = await thread.turn(
    `Say "good morning" in ${language}. Answer with the phrase alone.`,
  );
  let text = "";
  for await (const event of turn.stream()) {
    if (event.method !== "item/agentMessage/delta") continue;
    text += event.params.delta;
    console.log(`${language} …${event.params.delta}`);
  }
  return `${language}: ${text}`;
}

const answers = await Promise.all(["French", "Japanese", "Swahili"].map(translate));
for (const answer of answers) console.log(answer);
