import type { JsonValue } from "@openai/codex-types";
import { expectTypeOf } from "vitest";
import { z } from "zod";

import { toolText } from "../../src/api/tools/toolContent.js";
import { tool, type ToolContext } from "../../src/api/tools/tools.js";

// A schema object types the input by its output.
tool({
  name: "weather",
  description: "Tells the weather.",
  inputSchema: z.object({ city: z.string(), days: z.number().default(1) }),
  execute: (input, context) => {
    expectTypeOf(input).toEqualTypeOf<{ city: string; days: number }>();
    expectTypeOf(context).toEqualTypeOf<ToolContext>();
    return [toolText("Warm.")];
  },
});

// A plain JSON Schema says nothing of types.
tool({
  name: "weather",
  description: "Tells the weather.",
  inputSchema: { type: "object", properties: { city: { type: "string" } } },
  execute: async (input) => {
    expectTypeOf(input).toEqualTypeOf<JsonValue>();
  },
});

interface Forecast {
  degrees: number[];
}
const forecast: Forecast = { degrees: [21] };

// A value of an interface is as good as a literal.
tool({ name: "a", description: "", inputSchema: { type: "object" }, execute: () => forecast });

// @ts-expect-error a bigint is no JSON
tool({ name: "a", description: "", inputSchema: { type: "object" }, execute: () => 1n });

// @ts-expect-error a tool has a description
tool({ name: "a", inputSchema: { type: "object" }, execute: () => "" });
