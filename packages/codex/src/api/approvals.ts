/** placeholder until approvals land */
export type ApprovalHandler = (
  request: unknown,
  context: { readonly signal: AbortSignal },
) => unknown;
