// Compiled, not run: a type that is not the expected one does not compile.

import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { expectTypeOf } from "vitest";
import * as z from "zod";

import type { OutputOf, OutputSchema } from "../../src/api/output/outputSchema.js";
import type {
  InferOutput,
  StandardIssue,
  StandardSchema,
} from "../../src/api/output/standardSchema.js";
import type { Thread } from "../../src/api/thread.js";
import type { TurnHandle } from "../../src/api/turns/turnHandle.js";
import type { TurnOptions } from "../../src/api/turns/turnOptions.js";
import type { TurnResult } from "../../src/errors/turnResult.js";

declare const thread: Thread;

const zod = z.object({
  name: z.string(),
  nick: z.string().optional(),
  at: z.iso.datetime().transform((text) => new Date(text)),
});
const ark = type({ name: "string", "nick?": "string", count: "string.numeric.parse" });
const valibot = v.object({
  name: v.string(),
  nick: v.optional(v.string()),
  size: v.pipe(
    v.string(),
    v.transform((text) => text.length),
  ),
});
const json = { type: "object", properties: { a: { type: "string" } }, required: ["a"] } as const;

type ZodOutput = { name: string; nick?: string | undefined; at: Date };

// What each library's schema makes of `output`.
export async function outputIsInferred(): Promise<void> {
  const fromZod = await thread.run("go", { outputSchema: zod });
  expectTypeOf(fromZod).toEqualTypeOf<TurnResult<ZodOutput>>();

  const fromArk = await thread.run("go", { outputSchema: ark });
  if (fromArk.status !== "completed") {
    expectTypeOf(fromArk.output).toEqualTypeOf<undefined>();
    return;
  }
  expectTypeOf(fromArk.output).toEqualTypeOf<{ name: string; nick?: string; count: number }>();

  const fromValibot = await thread.run("go", { outputSchema: toStandardJsonSchema(valibot) });
  expectTypeOf(fromValibot.output).toEqualTypeOf<
    { name: string; nick?: string | undefined; size: number } | undefined
  >();

  const handle = await thread.turn("go", { outputSchema: zod, model: "m" });
  expectTypeOf(handle).toEqualTypeOf<TurnHandle<ZodOutput>>();
  expectTypeOf((await handle.run()).output).toEqualTypeOf<ZodOutput | undefined>();
}

// Without a schema `output` is undefined; with a plain JSON Schema it is parsed and unknown.
export async function outputIsUntyped(): Promise<void> {
  expectTypeOf(await thread.run("go")).toEqualTypeOf<TurnResult<undefined>>();
  expectTypeOf((await thread.run("go", {})).output).toEqualTypeOf<undefined>();
  expectTypeOf((await thread.run("go", { model: "m" })).output).toEqualTypeOf<undefined>();
  expectTypeOf(
    (await thread.run("go", { outputSchema: undefined })).output,
  ).toEqualTypeOf<undefined>();
  expectTypeOf((await thread.run("go", { outputSchema: json })).output).toEqualTypeOf<unknown>();
  expectTypeOf(
    (await thread.run("go", { outputSchema: { type: "object", properties: {} } })).output,
  ).toEqualTypeOf<unknown>();
  expectTypeOf(
    (await thread.run("go", { outputSchema: z.toJSONSchema(zod) })).output,
  ).toEqualTypeOf<unknown>();
}

// Options whose schema is not known.
export async function outputIsOpen(options: TurnOptions): Promise<void> {
  expectTypeOf((await thread.run("go", options)).output).toEqualTypeOf<unknown>();
  expectTypeOf<OutputOf<typeof zod | undefined>>().toEqualTypeOf<ZodOutput | undefined>();
}

export async function noSchemaAtAll(): Promise<void> {
  // @ts-expect-error a bare valibot schema has no JSON Schema
  await thread.run("go", { outputSchema: valibot });
  // @ts-expect-error a string is not a schema
  await thread.run("go", { outputSchema: "object" });
  // @ts-expect-error an array is not a schema
  await thread.run("go", { outputSchema: [json] });
}

// Our interfaces are those of the standard.
type Standard<Input, Output> = StandardSchemaV1<Input, Output> &
  StandardJSONSchemaV1<Input, Output>;
expectTypeOf<Standard<string, Date>>().toExtend<StandardSchema<string, Date>>();
expectTypeOf<Standard<string, Date>>().toExtend<OutputSchema>();
expectTypeOf<OutputOf<Standard<string, Date>>>().toEqualTypeOf<Date>();
expectTypeOf<InferOutput<Standard<string, Date>>>().toEqualTypeOf<
  StandardSchemaV1.InferOutput<Standard<string, Date>>
>();
expectTypeOf<StandardSchemaV1.Issue>().toExtend<StandardIssue>();
expectTypeOf<StandardIssue>().toExtend<StandardSchemaV1.Issue>();
expectTypeOf<StandardSchema<string, Date>["~standard"]>().toExtend<
  Omit<StandardSchemaV1.Props<string, Date>, "types">
>();
