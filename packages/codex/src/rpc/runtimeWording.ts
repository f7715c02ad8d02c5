/**
 * The runtime's wordings that the SDK acts on, each in this one place; a test runs the table against
 * the pinned runtime. Wording that matches nothing keeps its general error.
 */
export const RUNTIME_WORDING = {
  noActiveTurn: /no active turn/,
  otherTurnActive: /expected active turn id .* but found `([^`]+)`/,
  noGoal: /no goal exists/,
  threadNotFound:
    /no (?:archived )?rollout found for thread id|thread not (?:found|loaded): |invalid (?:session|thread) id: |session \S+ is archived/,
  noRollout: /no rollout found for thread id/,
  threadIdMalformed: /invalid (?:session|thread) id: /,
  noArchivedRollout: /no archived rollout found for thread id/,
  threadArchived: /session \S+ is archived/,
  threadNotStored:
    /ephemeral threads? do(?:es)? not support|is not persisted and cannot be|is not materialized yet|failed to revert session: thread \S+ not found|(?:list_turns|thread\/items\/list) is not supported yet/,
  threadInUse: /already has an active writer/,
  homeUnusable: /CODEX_HOME (?:points to )?"|failed to initialize sqlite state runtime/,
  retryLimit: /retry limit|too many failed attempts/i,
} as const;
