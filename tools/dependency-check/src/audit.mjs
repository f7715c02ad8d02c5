/**
 * What `pnpm audit --json` found: problems, or that the registry in use has no audit to ask. Only
 * that is let pass; an answer that cannot be read is a problem.
 */
export function auditOutcome({ status, stdout, stderr }) {
  if (/ERR_PNPM_AUDIT_(?:BAD_RESPONSE|ENDPOINT_NOT_EXISTS)/.test(`${stdout}${stderr}`)) {
    return { kind: "unavailable" };
  }
  let report;
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
