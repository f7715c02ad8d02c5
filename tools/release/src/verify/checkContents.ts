import { errorIn, type Finding } from "./finding.js";
import type { PackedPackage } from "./packedPackage.js";

/** Files that hold secrets wherever they are found. */
const SECRET_FILE = /(^|\/)(\.npmrc|\.env(\..+)?|\.netrc|id_(rsa|ed25519)|.+\.(pem|p12|key))$/;
/** Files that a package is made from and does not contain. */
const SOURCE_FILE =
  /^(src|test|tests|node_modules)\/|\.(test|spec)\.[cm]?[jt]s$|\.map$|(^|\/)tsconfig[^/]*\.json$|(^|[^d])\.tsbuildinfo$/;
const TYPESCRIPT_SOURCE = /(?<!\.d)\.[cm]?ts$/;
const SECRETS: readonly (readonly [string, RegExp])[] = [
  ["an npm token", /\bnpm_[A-Za-z0-9]{36}\b/],
  ["an npm login", /_(authToken|auth|password)\s*=/],
  ["a GitHub token", /\b(gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})\b/],
  ["an OpenAI key", /\bsk-(proj-|svcacct-)?[A-Za-z0-9_-]{32,}\b/],
  ["an AWS key", /\bAKIA[0-9A-Z]{16}\b/],
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
];
/** Paths of the machine that built the package. */
const MACHINE_PATH =
  /(?<![\w.:/@-])(\/(?:home|Users|root|tmp|work|runner|private\/var)\/[\w.-]+|[A-Za-z]:\\+(?:Users|a)\\+\w+)/;
const TEXT_FILE = /\.([cm]?[jt]sx?|json|md|txt|ya?ml|sh)$|(^|\/)[A-Z]+$/;

/** Every package has licence and readme, and holds nothing that is not meant for its users. */
export function checkContents({ staged, files, strangers }: PackedPackage): readonly Finding[] {
  const findings: Finding[] = [];
  const say = (problem: string): void => void findings.push(errorIn(staged.name, problem));
  for (const entry of strangers) say(`the tarball contains ${entry}`);
  for (const needed of ["LICENSE", "README.md"]) {
    if (!files.has(needed)) say(`has no ${needed}`);
  }
  for (const file of files.values()) {
    if ((file.mode & 0o7000) !== 0) {
      say(`${file.path} would run as another user (mode ${file.mode.toString(8)})`);
    }
    if (SECRET_FILE.test(file.path)) say(`${file.path} may hold secrets`);
    const isOurCode = staged.stage !== "platform";
    if (isOurCode && (SOURCE_FILE.test(file.path) || TYPESCRIPT_SOURCE.test(file.path))) {
      say(`${file.path} is for developers, not for users`);
    }
    if (!TEXT_FILE.test(file.path)) continue;
    const text = file.content.toString("utf8");
    for (const [what, pattern] of SECRETS) {
      if (pattern.test(text)) say(`${file.path} holds what looks like ${what}`);
    }
    const machinePath = MACHINE_PATH.exec(text)?.[0];
    if (machinePath !== undefined)
      say(`${file.path} names a path of the machine that built it: ${machinePath}`);
  }
  return findings;
}
