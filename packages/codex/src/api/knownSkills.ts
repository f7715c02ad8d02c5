import type { UserInput } from "@openai/codex-types";

import type { RuntimeClient } from "../client/runtimeClient.js";
import { InvalidOptionError } from "../errors.js";
import { isObject } from "../internal/isObject.js";
import { describeValue } from "../internal/validate.js";
import { JsonRpcError } from "../rpc/rpcErrors.js";
import { realFolder } from "./settings/checkFolder.js";

/** Number of skills that an error names. */
const MAX_NAMED = 10;

/** The folder from which the runtime finds the skills of a turn. */
export interface SkillFolder {
  /** `undefined` stands for the runtime's own folder. */
  readonly cwd: string | undefined;
}

/** Returns whether the input has a skill. One without needs no request, and is sent in the tick of the call. */
export function namesSkills(input: readonly UserInput[]): boolean {
  return input.some(({ type }) => type === "skill");
}

/**
 * Returns the input with each skill under the path that the runtime has found it at (`skills/list`): the
 * model gets nothing of a skill under another path, without an error.
 *
 * @param folder of the turn; `undefined` for a turn in other environments, whose skills are not known.
 * @throws InvalidOptionError for a skill that the runtime has not found.
 */
export async function withKnownSkills(
  runtime: RuntimeClient,
  input: UserInput[],
  folder: SkillFolder | undefined,
  signal: AbortSignal | undefined,
): Promise<UserInput[]> {
  if (folder === undefined) return input;
  const { cwd } = folder;
  const cwds = cwd === undefined ? {} : { cwds: [cwd] };
  try {
    const skills = await listSkills(runtime, cwds, signal);
    // A runtime that does not list its skills may still use them.
    if (skills.length === 0) return input;
    const found = input.map((item) => toKnown(runtime, item, skills));
    if (!found.includes(undefined)) return found.filter((item) => item !== undefined);
    // The runtime keeps its list, and reads the folders again when a turn starts.
    const reread = await listSkills(runtime, { ...cwds, forceReload: true }, signal);
    return input.map((item, index) => {
      const known = toKnown(runtime, item, reread);
      if (known !== undefined) return known;
      throw notFound(input.length === 1 ? "input" : `input[${index}]`, item, cwd, reread);
    });
  } catch (error) {
    if (error instanceof JsonRpcError) return input;
    throw error;
  }
}

interface Skill {
  readonly name: string;
  readonly path: string;
}

async function listSkills(
  runtime: RuntimeClient,
  params: { readonly cwds?: string[]; readonly forceReload?: true },
  signal: AbortSignal | undefined,
): Promise<readonly Skill[]> {
  const response: unknown = await runtime.dispatch("skills/list", params, { signal });
  const data = isObject(response) && Array.isArray(response["data"]) ? response["data"] : [];
  return data.flatMap((entry: unknown) => {
    const skills = isObject(entry) && Array.isArray(entry["skills"]) ? entry["skills"] : [];
    return skills.filter(isSkill);
  });
}

function isSkill(value: unknown): value is Skill {
  return isObject(value) && typeof value["name"] === "string" && typeof value["path"] === "string";
}

/** The item with the path that the runtime knows; `undefined` for a skill that it does not know. */
function toKnown(
  { connector }: RuntimeClient,
  item: UserInput,
  skills: readonly Skill[],
): UserInput | undefined {
  if (item.type !== "skill") return item;
  const same = skills.find(({ path }) => path === item.path);
  if (same !== undefined) return item;
  const real = connector.isLocal ? realFolder(item.path) : item.path;
  const linked = skills.find(({ path }) => connector.isLocal && realFolder(path) === real);
  return linked === undefined ? undefined : { ...item, path: linked.path };
}

function notFound(
  name: string,
  item: UserInput,
  cwd: string | undefined,
  skills: readonly Skill[],
): InvalidOptionError {
  const path = "path" in item ? item.path : undefined;
  const names = skills.slice(0, MAX_NAMED).map((skill) => skill.name);
  const more = skills.length > MAX_NAMED ? ", …" : "";
  return new InvalidOptionError(
    `${name}.path`,
    `${describeValue(path)} is not a skill that the runtime has found from ${cwd ?? "its folder"}, and the model would get nothing of it; choose one of codex.skills(): ${names.join(", ")}${more}.`,
  );
}
