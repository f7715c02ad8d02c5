import type { JsonValue, SandboxPolicy, ThreadGoal } from "@openai/codex-types";

/** Version of the bundle's format. Another one is refused. */
export const BUNDLE_FORMAT = 1;

/** The effective settings of a carried thread, in the form of the wire. */
export interface CarriedSettings {
  /** Name of the model. */
  readonly model: string;
  /** Id of the model provider. */
  readonly modelProvider: string | null;
  /** Reasoning effort; `null` is the model's own default. */
  readonly effort: string | null;
  /** Reasoning summary; `null` where it is not known. */
  readonly summary: string | null;
  /** Service tier; `null` is the default tier. */
  readonly serviceTier: string | null;
  /** Working directory of commands on the machine of the export. */
  readonly cwd: string;
  /** The policy of the sandbox, with its roots and its network access. */
  readonly sandboxPolicy: SandboxPolicy;
  /** Id of the permission profile; `null` for none. */
  readonly permissions: string | null;
  /** Policy of approvals: when the runtime asks for one. */
  readonly approvalPolicy: JsonValue;
  /** Reviewer of approvals; `null` where it is not known. */
  readonly approvalsReviewer: string | null;
}

/** A rollout in a bundle. */
export interface BundleFile {
  /** Path below the home of the runtime, with `/`; always below `sessions/`. */
  readonly path: string;
  /** Thread that the rollout belongs to. */
  readonly threadId: string;
  /** Size, in bytes of UTF-8. */
  readonly bytes: number;
  /** SHA-256 of the content, in hexadecimal digits. */
  readonly sha256: string;
}

/** The facts about a carried thread. */
export interface ThreadManifest {
  /** Version of the bundle's format. */
  readonly format: typeof BUNDLE_FORMAT;
  /** Version of the runtime that exported the thread. */
  readonly runtimeVersion: string;
  /** The thread's id, which the import keeps. */
  readonly threadId: string;
  /** Creation of the thread, in seconds since 1970. */
  readonly createdAt: number;
  /** Name of the thread, or `null`. */
  readonly name: string | null;
  /** Goal of the thread, or `null`. */
  readonly goal: Pick<ThreadGoal, "objective" | "status" | "tokenBudget"> | null;
  /** Effective settings, which the import restores and compares. */
  readonly settings: CarriedSettings;
  /** The rollouts: those that the history of others builds on first, the thread's own last. */
  readonly files: readonly BundleFile[];
}

/**
 * A thread in a form that can be stored anywhere and imported into another home: plain JSON. It has
 * the whole conversation, with the output of commands: protect it as the conversation itself.
 */
export interface ThreadBundle {
  /** The facts about the thread. */
  readonly manifest: ThreadManifest;
  /** Content of each file of the manifest, by its path. */
  readonly contents: Readonly<Record<string, string>>;
}

/** Returns the SHA-256 of a text, in hexadecimal digits. */
export function sha256Of(text: string): string {
  return process.getBuiltinModule("node:crypto").createHash("sha256").update(text).digest("hex");
}
