import { resolve, sep } from "node:path";

import type { SandboxPolicy } from "@openai/codex-types";

import type { SettingDifference } from "../../errors/settingsErrors.js";
import { fs } from "../../internal/fileSystem.js";
import { isObject } from "../../internal/isObject.js";
import { isGiven } from "../../internal/validate.js";
import type { Sandbox } from "../sandbox.js";
import type { StoredSettings } from "./storedSettings.js";

// An import of the SDK loads no module of Node that it does not need.
const util = process.getBuiltinModule("node:util");

/** The part of the options that decides about the sandbox policy. */
export interface AskedSandbox {
  readonly sandbox?: string | undefined;
  readonly networkAccess?: boolean | undefined;
  readonly additionalDirectories?: readonly string[] | undefined;
}

/** The settings that a caller asked for, in the form of the wire. What was not asked for is left out. */
export interface AskedSettings extends AskedSandbox {
  readonly permissions?: string;
  readonly approvalPolicy?: unknown;
  readonly approvalsReviewer?: string;
  /** The option that stands for the two approval members. */
  readonly approvalOption: "approvalMode" | "onApproval";
  readonly model?: string;
  readonly modelProvider?: string;
  /** Not compared: the runtime reports a tier by another name than it was asked for. */
  readonly serviceTier?: string;
  readonly cwd?: string;
  readonly effort?: string;
  /** The option that stands for the effort. */
  readonly effortOption: "effort" | "config.model_reasoning_effort";
  /** The whole policy of the source of a fork, in place of `sandbox`. */
  readonly sandboxPolicy?: SandboxPolicy;
  readonly summary?: string;
}

/** Options that are not sent as they are, but decide about settings. */
export interface SettingOptions extends AskedSandbox {
  readonly onApproval?: unknown;
  readonly effort?: unknown;
}

const SANDBOX_OF_TYPE: Readonly<Record<string, Sandbox>> = {
  readOnly: "read-only",
  workspaceWrite: "workspace-write",
  dangerFullAccess: "danger-full-access",
} satisfies Partial<Record<SandboxPolicy["type"], Sandbox>>;

/** The preset of a policy; `undefined` for one that is not a preset's, such as `externalSandbox`. */
export function presetOf(policy: SandboxPolicy | undefined): Sandbox | undefined {
  return policy === undefined ? undefined : SANDBOX_OF_TYPE[policy.type];
}

/** Reads from the params of a request, and its options, which of the comparable settings they ask for. */
export function askedSettings(params: object, options: SettingOptions): AskedSettings {
  const given = { ...params } as Readonly<Record<string, unknown>>;
  const { config } = given;
  const configured = isObject(config) ? config : {};
  // A model that the runtime may replace is not a promise.
  const model = given["allowProviderModelFallback"] === true ? undefined : given["model"];
  const texts = Object.entries({
    sandbox: given["sandbox"],
    permissions: given["permissions"],
    approvalPolicy: given["approvalPolicy"],
    approvalsReviewer: given["approvalsReviewer"],
    model,
    modelProvider: given["modelProvider"],
    serviceTier: given["serviceTier"],
    // The folder of another environment is not the thread's.
    cwd: isGiven(given["environments"]) ? undefined : given["cwd"],
    effort: given["effort"] ?? configured["model_reasoning_effort"],
    summary: given["summary"],
  }).filter(([, value]) => typeof value === "string");
  const { networkAccess, additionalDirectories } = options;
  return {
    ...Object.fromEntries(texts),
    ...(networkAccess === undefined ? {} : { networkAccess }),
    ...(additionalDirectories === undefined ? {} : { additionalDirectories }),
    approvalOption: options.onApproval === undefined ? "approvalMode" : "onApproval",
    effortOption: options.effort === undefined ? "config.model_reasoning_effort" : "effort",
  };
}

/**
 * Compares what was asked for with what the runtime reports. A member that the runtime does not report
 * cannot be compared, and does not differ.
 *
 * @param isLocal whether the paths are of this machine, so that links in them can be resolved.
 */
export function compareSettings(
  asked: AskedSettings,
  effective: StoredSettings,
  isLocal: boolean,
): SettingDifference[] {
  const { sandboxPolicy } = effective;
  const differences: SettingDifference[] = [];
  const compare = (option: string, wanted: unknown, reported: unknown) => {
    if (wanted === undefined || reported === undefined) return;
    if (util.isDeepStrictEqual(wanted, reported)) return;
    differences.push({ option, asked: wanted, effective: reported });
  };
  compare("sandbox", asked.sandbox, presetOf(sandboxPolicy) ?? sandboxPolicy?.type);
  compare("sandbox", asked.sandboxPolicy, sandboxPolicy);
  compare("networkAccess", asked.networkAccess, networkAccessOf(sandboxPolicy));
  if (!hasRoots(effective, asked.additionalDirectories ?? [])) {
    compare("additionalDirectories", asked.additionalDirectories, rootsOf(sandboxPolicy));
  }
  compare("permissions", asked.permissions, effective.permissions);
  const { approvalOption } = asked;
  compare(approvalOption, asked.approvalPolicy, effective.approvalPolicy);
  compare(approvalOption, asked.approvalsReviewer, effective.approvalsReviewer);
  compare("model", asked.model, effective.model);
  compare("modelProvider", asked.modelProvider, effective.modelProvider);
  compare(asked.effortOption, asked.effort, effective.effort);
  compare("summary", asked.summary, effective.summary);
  if (!isSameFolder(asked.cwd, effective.cwd, isLocal)) compare("cwd", asked.cwd, effective.cwd);
  return differences;
}

/** Returns whether commands reach the network under a policy; `undefined` where that is not known. */
function networkAccessOf(policy: SandboxPolicy | undefined): boolean | undefined {
  switch (policy?.type) {
    case "dangerFullAccess":
      return true;
    case "readOnly":
    case "workspaceWrite":
      return policy.networkAccess ?? false;
    default:
      return undefined;
  }
}

function rootsOf(policy: SandboxPolicy | undefined): readonly string[] | undefined {
  if (policy === undefined || policy.type === "externalSandbox") return undefined;
  return policy.type === "workspaceWrite" ? (policy.writableRoots ?? []) : [];
}

/** Returns whether commands may write in these folders. The runtime leaves out roots inside of the `cwd`. */
function hasRoots({ sandboxPolicy, cwd }: StoredSettings, directories: readonly string[]): boolean {
  if (sandboxPolicy?.type === "dangerFullAccess") return true;
  const isWorkspace = sandboxPolicy?.type === "workspaceWrite" && cwd !== undefined;
  const roots = [...(rootsOf(sandboxPolicy) ?? []), ...(isWorkspace ? [cwd] : [])].map(realPath);
  return directories.every((directory) => {
    const path = realPath(directory);
    return roots.some((root) => path === root || path.startsWith(`${withoutEndSlash(root)}${sep}`));
  });
}

function isSameFolder(
  asked: string | undefined,
  reported: string | undefined,
  isLocal: boolean,
): boolean {
  if (asked === undefined || reported === undefined) return true;
  if (!isLocal) return withoutEndSlash(asked) === withoutEndSlash(reported);
  return realPath(resolve(asked)) === realPath(resolve(reported));
}

function withoutEndSlash(path: string): string {
  return path.replace(/(?<=.)[/\\]+$/u, "");
}

/** The path without links; as it is when the folder does not exist, which the runtime accepts. */
function realPath(path: string): string {
  try {
    return fs.realpathSync.native(path);
  } catch {
    return withoutEndSlash(path);
  }
}
