import type { ModelRequest, ScriptedModel } from "../../src/testing/index.js";

/** The model request at `index` (from 0, negative from the end); throws when there is none. */
export function requestAt(model: ScriptedModel, index: number): ModelRequest {
  const request = model.requests.at(index);
  if (request !== undefined) return request;
  throw new Error(`No model request at ${index}: there were ${model.requests.length}.`);
}

/** Returns whether a model request offers the web search. */
export function isSearchOffered(model: ScriptedModel, index: number): boolean {
  const { tools }: { readonly tools: readonly { readonly type: string }[] } = JSON.parse(
    requestAt(model, index).body,
  );
  return tools.some(({ type }) => type === "web_search");
}
