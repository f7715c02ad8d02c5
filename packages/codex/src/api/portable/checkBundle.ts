import { InvalidOptionError } from "../../errors.js";
import { checkJson } from "../../internal/checkJson.js";
import { isObject } from "../../internal/isObject.js";
import { checkOneOf, describeValue, readGiven } from "../../internal/validate.js";
import { readRollout, toWholePolicy } from "./rollout.js";
import { BUNDLE_FORMAT, sha256Of, type ThreadBundle } from "./threadBundle.js";

/** Most files that a bundle may have. */
export const MAX_FILES = 1024;
/** Largest size of all contents of a bundle together, in bytes of UTF-8. */
export const MAX_BYTES = 256 * 1024 * 1024;

const GOAL_STATUSES = ["active", "paused", "blocked", "usageLimited", "budgetLimited", "complete"];

/** Path of a rollout: the folders of its day, and a name that ends with the id of its thread. */
const ROLLOUT_PATH =
  /^sessions\/\d{4}\/\d{2}\/\d{2}\/rollout-[0-9T-]+-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl$/u;

/** Returns the id of the thread that a rollout's path names; `undefined` for a path that is not a rollout's. */
export function threadIdOfPath(path: string): string | undefined {
  return ROLLOUT_PATH.exec(path)?.[1];
}

/**
 * Checks a bundle as a whole, whoever made it: its format, its settings, the paths, sizes and hashes of its
 * files, and that each is a complete rollout of its thread. Returns a copy, which the caller cannot change.
 *
 * @throws InvalidOptionError that names the member at fault.
 */
export function toCheckedBundle(given: unknown): ThreadBundle {
  const bundle = readGiven("bundle", () => jsonCopyOf(given));
  const { manifest, contents } = members("bundle", bundle);
  const facts = members("bundle.manifest", manifest);
  checkOneOf("bundle.manifest.format", facts["format"], [BUNDLE_FORMAT]);
  const threadId = text("bundle.manifest.threadId", facts["threadId"]);
  const listed = facts["files"];
  if (!Array.isArray(listed) || listed.length === 0 || listed.length > MAX_FILES) {
    throw fault("bundle.manifest.files", `expected a list of 1 to ${MAX_FILES} files.`);
  }
  const texts = members("bundle.contents", contents);
  const files = listed.map((file: unknown, index) =>
    toFile(`bundle.manifest.files[${index}]`, file),
  );
  const paths = new Set(files.map(({ path }) => path));
  if (paths.size < files.length) {
    throw fault("bundle.manifest.files", "names a file twice; export the thread again.");
  }
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total > MAX_BYTES) {
    throw fault("bundle.contents", `has ${total} bytes, and at most ${MAX_BYTES} are accepted.`);
  }
  const unlisted = Object.keys(texts).find((path) => !paths.has(path));
  if (unlisted !== undefined) {
    throw fault(
      "bundle.contents",
      `has ${describeValue(unlisted)}, which the manifest does not list.`,
    );
  }
  if (files.at(-1)?.threadId !== threadId) {
    throw fault("bundle.manifest.files", `does not end with the rollout of thread ${threadId}.`);
  }
  return {
    manifest: {
      format: BUNDLE_FORMAT,
      runtimeVersion: text("bundle.manifest.runtimeVersion", facts["runtimeVersion"]),
      threadId,
      createdAt: count("bundle.manifest.createdAt", facts["createdAt"]),
      name: textOrNull("bundle.manifest.name", facts["name"]),
      goal: toGoal(facts["goal"]),
      settings: toSettings(facts["settings"]),
      files,
    },
    contents: Object.fromEntries(
      files.map((file) => [file.path, toContent(file, texts[file.path])]),
    ),
  };
}

/** A copy as JSON has it, so that the value cannot change between its check and its use. */
function jsonCopyOf(given: unknown): unknown {
  // SAFETY: `stringify` returns `undefined` for what JSON does not have, such as a function.
  const json = JSON.stringify(given) as string | undefined;
  return json === undefined ? given : JSON.parse(json);
}

function toFile(name: string, file: unknown): ThreadBundle["manifest"]["files"][number] {
  const { path, threadId, bytes, sha256 } = members(name, file);
  const checkedPath = text(`${name}.path`, path);
  const owner = threadIdOfPath(checkedPath);
  if (owner === undefined || owner !== threadId) {
    throw fault(
      `${name}.path`,
      `${describeValue(path)} is not the path of a rollout of thread ${describeValue(threadId)} below sessions/.`,
    );
  }
  return {
    path: checkedPath,
    threadId: owner,
    bytes: count(`${name}.bytes`, bytes),
    sha256: text(`${name}.sha256`, sha256),
  };
}

function toContent(file: ThreadBundle["manifest"]["files"][number], content: unknown): string {
  const name = `bundle.contents[${JSON.stringify(file.path)}]`;
  if (typeof content !== "string")
    throw fault(name, `expected a string, not ${describeValue(content)}.`);
  if (Buffer.byteLength(content) !== file.bytes || sha256Of(content) !== file.sha256) {
    throw fault(name, "does not have the size and SHA-256 of the manifest: it was changed or cut.");
  }
  const facts = readRollout(content, true);
  if (typeof facts === "string") throw fault(name, `${facts}.`);
  if (facts.threadId !== file.threadId) {
    throw fault(name, `is the rollout of another thread, ${describeValue(facts.threadId)}.`);
  }
  return content;
}

function toSettings(value: unknown): ThreadBundle["manifest"]["settings"] {
  const at = "bundle.manifest.settings";
  const settings = members(at, value);
  const sandboxPolicy = toWholePolicy(settings["sandboxPolicy"]);
  if (sandboxPolicy === undefined) {
    throw fault(`${at}.sandboxPolicy`, "is not a sandbox policy that the SDK can restore.");
  }
  const { approvalPolicy } = settings;
  if (typeof approvalPolicy !== "string" && !isObject(approvalPolicy)) {
    throw fault(`${at}.approvalPolicy`, `expected a policy, not ${describeValue(approvalPolicy)}.`);
  }
  checkJson(`${at}.approvalPolicy`, approvalPolicy);
  return {
    model: text(`${at}.model`, settings["model"]),
    modelProvider: textOrNull(`${at}.modelProvider`, settings["modelProvider"]),
    effort: textOrNull(`${at}.effort`, settings["effort"]),
    summary: textOrNull(`${at}.summary`, settings["summary"]),
    serviceTier: textOrNull(`${at}.serviceTier`, settings["serviceTier"]),
    cwd: text(`${at}.cwd`, settings["cwd"]),
    sandboxPolicy,
    permissions: textOrNull(`${at}.permissions`, settings["permissions"]),
    // SAFETY: checkJson has accepted it.
    approvalPolicy: approvalPolicy as ThreadBundle["manifest"]["settings"]["approvalPolicy"],
    approvalsReviewer: textOrNull(`${at}.approvalsReviewer`, settings["approvalsReviewer"]),
  };
}

function toGoal(value: unknown): ThreadBundle["manifest"]["goal"] {
  if (value === null) return null;
  const at = "bundle.manifest.goal";
  const { objective, status, tokenBudget } = members(at, value);
  checkOneOf(`${at}.status`, status, GOAL_STATUSES);
  return {
    objective: text(`${at}.objective`, objective),
    // SAFETY: one of the wire's statuses, see GOAL_STATUSES.
    status: status as NonNullable<ThreadBundle["manifest"]["goal"]>["status"],
    tokenBudget: tokenBudget === null ? null : count(`${at}.tokenBudget`, tokenBudget),
  };
}

function members(name: string, value: unknown): Readonly<Record<string, unknown>> {
  if (isObject(value)) return value;
  throw fault(
    name,
    `expected an object, not ${describeValue(value)}; pass what exportThread returned.`,
  );
}

function text(name: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw fault(name, `expected a string, not ${describeValue(value)}.`);
}

function textOrNull(name: string, value: unknown): string | null {
  return value === null ? null : text(name, value);
}

function count(name: string, value: unknown): number {
  if (Number.isSafeInteger(value) && Number(value) >= 0) return Number(value);
  throw fault(name, `expected a whole number, not ${describeValue(value)}.`);
}

function fault(name: string, message: string): InvalidOptionError {
  return new InvalidOptionError(name, message);
}
