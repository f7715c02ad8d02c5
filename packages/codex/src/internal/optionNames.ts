/** Names that callers bring from other SDKs or mean by a shorter one, each with the option of this SDK. */
const MEANT: ReadonlyMap<string, string> = new Map([
  ["abortSignal", "signal"],
  ["codexPathOverride", "codexPath"],
  ["configOverrides", "config"],
  ["instructions", "developerInstructions"],
  ["modelReasoningEffort", "effort"],
  ["networkAccessEnabled", "networkAccess"],
  ["reasoningEffort", "effort"],
  ["sandboxMode", "sandbox"],
  ["schema", "outputSchema"],
  ["webSearchEnabled", "webSearch"],
  ["webSearchMode", "webSearch"],
  ["workingDirectory", "cwd"],
]);

/** Remedies for names that are not options of the method: wire fields, and options of another method. */
const REMEDIES: ReadonlyMap<string, string> = new Map([
  ["approvalPolicy", "pass approvalMode (or onApproval)"],
  ["approvalsReviewer", "pass approvalMode (or onApproval)"],
  ["sandboxPolicy", "pass sandbox"],
  ["dynamicTools", "pass tools"],
  ["toolOutput", "pass externalMessage() as the input"],
  ["skipGitRepoCheck", "leave it out: a repository is not needed"],
  ["model", "pass it to startThread"],
  ["effort", "pass it to startThread"],
  ["sandbox", "pass it to startThread"],
  ["approvalMode", "pass it to startThread"],
  ["developerInstructions", "pass it to startThread"],
  ["outputSchema", "pass it to run or turn"],
]);

/** Returns the remedy for an unknown option of a method with these options; `undefined` without one. */
export function remedyOfUnknown(name: string, known: readonly string[]): string | undefined {
  const meant = MEANT.get(name) ?? name;
  const found = known.find((option) => isSpelledAs(option, meant));
  if (found !== undefined) return `did you mean ${found}?`;
  return REMEDIES.get(meant);
}

/** Compares two names without case and separators, and without the unit of the option. */
function isSpelledAs(option: string, name: string): boolean {
  const plain = plainName(name);
  return plainName(option) === plain || plainName(option) === `${plain}ms`;
}

function plainName(name: string): string {
  return name.replaceAll(/[_-]/g, "").toLowerCase();
}
