import { type MockAccount, mockAccount } from "./mockAccount.js";
import { type MockAnswer, MockHttpServer, type MockRequest } from "./mockHttpServer.js";

/** The one remote marketplace of the runtime that needs no workspace: its skills can be read by any user. */
export const CURATED_MARKETPLACE = "openai-curated-remote";

/** A skill of a remote plugin. */
export interface MockSkill {
  readonly pluginId: string;
  readonly skillName: string;
  /** The markdown, or `null` for a skill without any. */
  readonly contents: string | null;
}

/** Rate limits of the account, as the back end reports them. */
const RATE_LIMITS = {
  plan_type: "pro",
  rate_limit: {
    allowed: true,
    limit_reached: false,
    primary_window: {
      used_percent: 42,
      limit_window_seconds: 18_000,
      reset_after_seconds: 600,
      reset_at: 1_800_000_000,
    },
    secondary_window: null,
  },
  credits: { has_credits: true, unlimited: false, balance: "7.50" },
};

/** Token usage of the account, as the back end reports it. */
const PROFILE = {
  stats: {
    lifetime_tokens: 12_345,
    peak_daily_tokens: 2_000,
    longest_running_turn_sec: 90,
    current_streak_days: 3,
    longest_streak_days: 5,
    daily_usage_buckets: [{ start_date: "2026-11-27", tokens: 1_500 }],
  },
};

/**
 * Plays the ChatGPT back end that a signed-in runtime asks. Give `url` to the runtime's
 * `chatgpt_base_url` (the environment variable does not do), and `env` to its environment: that makes
 * this server the proxy for all that is not on the loopback, and it refuses and records it.
 *
 * `plugin/skill/read` needs `features.plugins = true`, and then the runtime tries to fetch its catalogue
 * from the network as it starts: hence the proxy.
 */
export class MockChatgptBackend implements AsyncDisposable {
  readonly #server: MockHttpServer;

  private constructor(server: MockHttpServer) {
    this.#server = server;
  }

  static async start({
    account = mockAccount,
    skills = [],
  }: {
    readonly account?: MockAccount;
    readonly skills?: readonly MockSkill[];
  } = {}): Promise<MockChatgptBackend> {
    const server = await MockHttpServer.start((request) => answer(request, account, skills));
    return new MockChatgptBackend(server);
  }

  /** The runtime knows the real back end by `/backend-api`, and asks other paths of any other base. */
  get url(): string {
    return `${this.#server.origin}/backend-api`;
  }

  get requests(): readonly MockRequest[] {
    return this.#server.requests;
  }

  /** Servers that the runtime tried to reach, as `host:port`. */
  get refusedConnects(): readonly string[] {
    return this.#server.refusedConnects;
  }

  get env(): Record<string, string> {
    const proxy = this.#server.origin;
    return {
      HTTPS_PROXY: proxy,
      https_proxy: proxy,
      NO_PROXY: "127.0.0.1,localhost",
      no_proxy: "127.0.0.1,localhost",
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server[Symbol.asyncDispose]();
  }
}

function answer(
  { pathname }: MockRequest,
  account: MockAccount,
  skills: readonly MockSkill[],
): MockAnswer | undefined {
  const path = pathname.replace(/^\/backend-api/u, "");
  if (path === "/wham/accounts/check") return { json: accountsCheck(account) };
  if (path === "/ps/plugins/suggested/codex") return { json: { enabled: false, plugins: [] } };
  if (path === "/ps/plugins/installed") return { json: { plugins: [], pagination: {} } };
  if (path === "/codex/analytics-events/events") return { json: {} };
  if (path === "/wham/usage") return { json: RATE_LIMITS };
  if (path === "/wham/profiles/me") return { json: PROFILE };
  const [, pluginId, skillName] = /^\/ps\/plugins\/([^/]+)\/skills\/([^/]+)$/u.exec(path) ?? [];
  const skill = skills.find(
    (one) => encodeURIComponent(one.skillName) === skillName && one.pluginId === pluginId,
  );
  if (skill === undefined) return undefined;
  const { contents } = skill;
  return {
    json: { plugin_id: skill.pluginId, name: skill.skillName, skill_md_contents: contents },
  };
}

function accountsCheck({ accountId, workspaceName, planType }: MockAccount): object {
  const entry = {
    id: accountId,
    account_id: accountId,
    name: workspaceName,
    structure: "personal",
    plan_type: planType,
    // Only an HTTPS origin is taken; it is reported, and nothing is asked of it in these tests.
    workspace_backend_origin: "https://backend.invalid",
    account_routing_override: "NO_CONSTRAINT",
  };
  return { accounts: [entry], default_account_id: accountId, account_ordering: [accountId] };
}
