import type { CommandResult } from "@codex-tools/process";

/** Result of an audit: the problems, or that the registry in use does not offer audits. */
export type AuditOutcome =
  | { readonly kind: "unavailable" }
  | { readonly kind: "problems"; readonly problems: readonly string[] };

interface Advisory {
  readonly severity?: string;
  readonly module_name?: string;
  readonly title?: string;
  readonly url?: string;
}

/**
 * Reads the result of `pnpm audit --json`. Only advisories of high or critical severity count. A
 * registry without audits is not a problem; output that cannot be parsed is one.
 */
export function auditOutcome({ status, stdout, stderr }: CommandResult): AuditOutcome {
  if (/ERR_PNPM_AUDIT_(?:BAD_RESPONSE|ENDPOINT_NOT_EXISTS)/u.test(`${stdout}${stderr}`)) {
    return { kind: "unavailable" };
  }
  let report: { readonly advisories?: Readonly<Record<string, Advisory>> };
  try {
    report = JSON.parse(stdout);
  } catch {
    return { kind: "problems", problems: [`audit (exit status ${status}): ${stderr || stdout}`] };
  }
  const problems = Object.values(report.advisories ?? {})
    .filter(({ severity }) => severity === "high" || severity === "critical")
    .map(
      ({ severity, module_name, title, url }) => `${module_name}: ${severity}, ${title} (${url})`,
    );
  return { kind: "problems", problems };
}
