/** Fault of a staged release. */
export interface Finding {
  readonly package: string;
  readonly problem: string;
  /** A warning does not stop the release. */
  readonly severity: "error" | "warning";
}

/** An error of one package. */
export function errorIn(packageName: string, problem: string): Finding {
  return { package: packageName, problem, severity: "error" };
}
