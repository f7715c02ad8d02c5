import { describe, expect, it } from "vitest";

import { Codex } from "../../src/index.js";
import { startHarness } from "../../src/testing/index.js";
import { CompanyNetwork, hasOpenSsl, MODEL_HOST } from "../support/companyNetwork.js";

/** Runs a turn with the variables that `toEnv` makes; returns what came through the proxy, too. */
async function turnBehindProxy(
  toEnv: (network: CompanyNetwork) => Readonly<Record<string, string>>,
) {
  await using harness = await startHarness();
  harness.model.reply("Hello.");
  const target = new URL(harness.model.url);
  await using network = await CompanyNetwork.start(target.origin);
  if (network === undefined) throw new Error("There is no OpenSSL.");
  // The runtime tries a connection again without an end: the first failure ends the turn.
  const failed = new AbortController();
  await using codex = new Codex({
    onDiagnostic: ({ kind }) => {
      if (kind === "turnError") failed.abort(NOT_REACHED);
    },
    cwd: harness.workspace,
    config: { model_providers: { mock: { base_url: `https://${MODEL_HOST}${target.pathname}` } } },
    env: {
      CODEX_HOME: harness.codexHome,
      HOME: harness.codexHome,
      // Variables of the machine must not decide.
      ...Object.fromEntries(PROXY_VARIABLES.map((name) => [name, undefined])),
      ...toEnv(network),
    },
  });
  const thread = await codex.startThread({ ephemeral: true });
  const outcome = await thread.run("Hello?", { signal: failed.signal }).then(
    ({ finalResponse }) => finalResponse,
    (error: unknown) => error,
  );
  return { outcome, connects: network.connects, logins: network.logins };
}

const NOT_REACHED = "The model was not reached.";

const PROXY_VARIABLES = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"].flatMap((name) => [
  name,
  name.toLowerCase(),
]);

describe.skipIf(!hasOpenSsl())("a model behind a proxy and a certificate of the company", () => {
  it.each(["CODEX_CA_CERTIFICATE", "SSL_CERT_FILE"])(
    "is reached through HTTPS_PROXY, with its password, and the authority in %s",
    async (variable) => {
      const { outcome, connects, logins } = await turnBehindProxy(({ proxyUrl, authority }) => ({
        HTTPS_PROXY: proxyUrl,
        [variable]: authority,
      }));

      expect(outcome).toBe("Hello.");
      expect(new Set(logins)).toEqual(new Set([`Basic ${btoa("user:password")}`]));
      expect(new Set(connects)).toEqual(new Set([`${MODEL_HOST}:443`]));
    },
  );

  it("is refused when only Node.js knows the authority, as the runtime is another program", async () => {
    const { outcome, connects } = await turnBehindProxy(({ proxyUrl, authority }) => ({
      HTTPS_PROXY: proxyUrl,
      NODE_EXTRA_CA_CERTS: authority,
    }));

    expect(outcome).toBe(NOT_REACHED);
    expect(connects).toContain(`${MODEL_HOST}:443`);
  });

  it("is not looked for at the proxy when NO_PROXY names it", async () => {
    const { outcome, connects } = await turnBehindProxy(({ proxyUrl, authority }) => ({
      HTTPS_PROXY: proxyUrl,
      CODEX_CA_CERTIFICATE: authority,
      NO_PROXY: MODEL_HOST,
    }));

    expect(outcome).toBe(NOT_REACHED);
    expect(connects).toEqual([]);
  });
});
