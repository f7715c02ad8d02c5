import type { ModelRequest } from "./modelRequest.js";
import { message } from "./steps/messageSteps.js";
import type { ScriptStep } from "./steps/stepKinds.js";

/** The ways in which a `ScriptedModel` handles the runtime's review requests. */
export const REVIEW_MODES = ["allow", "deny", "script"] as const;

/**
 * Treatment of review requests. In the approval mode `auto_review`, which is the default of a new
 * thread, the runtime does not ask the application for approval: it asks the model, in a request of its
 * own. `"allow"` and `"deny"` answer those requests; `"script"` treats them like any other request.
 */
export type ReviewMode = (typeof REVIEW_MODES)[number];

/** Reports whether a request asks the model to review a command or a file change. */
export function isReviewRequest(request: ModelRequest): boolean {
  if (request.header("x-openai-subagent") === "guardian") return true;
  const { client_metadata: metadata } = parsed(request);
  return Object(metadata)["x-openai-subagent"] === "guardian";
}

/** Answers a review request as the runtime expects it. */
export function reviewResponse(mode: "allow" | "deny"): readonly ScriptStep[] {
  const isAllowed = mode === "allow";
  const review = {
    risk_level: isAllowed ? "low" : "high",
    user_authorization: isAllowed ? "high" : "low",
    outcome: mode,
    rationale: `The scripted model answers every review with ${JSON.stringify(mode)} (option reviews).`,
  };
  return [message(JSON.stringify(review))];
}

function parsed(request: ModelRequest): Readonly<Record<string, unknown>> {
  try {
    return request.json();
  } catch {
    // An invalid body is not a review request; the readers of `ModelRequest` report it.
    return {};
  }
}
