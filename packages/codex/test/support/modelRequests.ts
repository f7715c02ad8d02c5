import type { ModelRequest, ScriptedModel } from "../../src/testing/index.js";

/** The model request at `index` (from 0, negative from the end); throws when there is none. */
export function requestAt(model: ScriptedModel, index: number): ModelRequest {
  const request = model.requests.at(index);
  if (request !== undefined) return request;
  throw new Error(`No model request at ${index}: there were ${model.requests.length}.`);
}
