// Program for each JavaScript runtime: a turn with a command and an approval. Receives the loaded SDK,
// prints its observations as JSON, and ends by itself.
import process from "node:process";

const TEXT = ["Hello", ", wörld", " \u2028 \ud83d\ude00", "."];

export async function smoke(
  { Codex, CODEX_VERSION },
  { shellCall, startHarness, streamedMessage },
) {
  const harness = await startHarness();
  try {
    const { codex, model } = harness;
    const asked = [];
    const thread = await codex.startThread({
      onApproval: (request) => {
        asked.push(request.kind);
        return "accept";
      },
    });
    model.enqueue(
      shellCall("echo hi", { sandbox_permissions: "require_escalated", justification: "Please." }),
    );
    model.enqueue(streamedMessage(TEXT));
    const turn = await thread.turn("Greet");
    let text = "";
    const commands = [];
    let last;
    for await (const event of turn.stream()) {
      last = event.method;
      if (event.method === "item/agentMessage/delta") text += event.params.delta;
      if (event.method !== "item/completed" || event.params.item.type !== "commandExecution")
        continue;
      commands.push(event.params.item.aggregatedOutput);
    }
    const gate = model.gate();
    model.streamText(["Work", gate]);
    const second = await thread.turn("Work");
    const result = second.run();
    await gate.reached;
    await second.interrupt();
    const { status } = await result;
    const seen = {
      isCodex: codex instanceof Codex,
      isPinned: codex.metadata.serverInfo.version === CODEX_VERSION,
      asked,
      commands,
      text: text === TEXT.join(""),
      last,
      status,
    };
    process.stdout.write(`${JSON.stringify(seen)}\n`);
  } finally {
    await harness.close();
  }
}
