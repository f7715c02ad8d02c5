import { describe, expect, it } from "vitest";

import { checkConfigSecrets } from "../../../src/client/configSecrets.js";
import { InvalidOptionError } from "../../../src/errors.js";

const VALUE = "of-no-known-shape";

function refusalOf(config: object): InvalidOptionError {
  try {
    checkConfigSecrets(config);
  } catch (error) {
    if (error instanceof InvalidOptionError) return error;
    throw error;
  }
  throw new Error("accepted");
}

describe("checkConfigSecrets", () => {
  it.each<[string, object, string, string]>([
    ["a key", { api_key: VALUE }, "api_key", "env_key"],
    ["a key in camel case", { some: { apiKey: VALUE } }, "some.apiKey", "env_key"],
    [
      "the token of a provider",
      { model_providers: { p: { experimental_bearer_token: VALUE } } },
      "model_providers.p.experimental_bearer_token",
      "bearer_token_env_var",
    ],
    ["a number as a password", { x: { password: 12345678 } }, "x.password", "env"],
    ["a list of tokens", { x: { token: [VALUE] } }, "x.token", "env"],
    [
      "a header",
      { mcp_servers: { s: { http_headers: { Any: VALUE } } } },
      "mcp_servers.s.http_headers.Any",
      "env_http_headers",
    ],
    [
      "a header of a server whose name needs quotes",
      { mcp_servers: { "my server": { http_headers: { "X-Any": VALUE } } } },
      "mcp_servers.my server.http_headers.X-Any",
      "env_http_headers",
    ],
    [
      "a header of an exporter",
      { otel: { exporter: { "otlp-http": { headers: { "x-team": VALUE } } } } },
      "otel.exporter.otlp-http.headers.x-team",
      "config.toml",
    ],
    [
      "a variable of a server",
      { mcp_servers: { gh: { env: { GITHUB_PERSONAL_ACCESS_TOKEN: VALUE } } } },
      "mcp_servers.gh.env.GITHUB_PERSONAL_ACCESS_TOKEN",
      "env_vars",
    ],
    [
      "a variable of a server whose name needs quotes",
      { mcp_servers: { "my server": { env: { GH_TOKEN: VALUE } } } },
      "mcp_servers.my server.env.GH_TOKEN",
      "env_vars",
    ],
    [
      "a variable of commands",
      { shell_environment_policy: { set: { NPM_TOKEN: VALUE } } },
      "shell_environment_policy.set.NPM_TOKEN",
      "the option env",
    ],
    [
      "a URL with a password",
      { mcp_servers: { s: { env: { DB: `postgres://me:${VALUE}@host` } } } },
      "mcp_servers.s.env.DB",
      "env_vars",
    ],
    ["a URL with a key", { s: { url: `https://host/mcp?key=${VALUE}` } }, "s.url", "env"],
    ["a value with the shape of a secret", { any: "sk-abcdef123456" }, "any", "env"],
    ["a list with such a value", { any: ["ok", "Bearer abcdef123456"] }, "any", "env"],
    ["a flag with its value", { s: { args: ["-v", "--token", VALUE] } }, "s.args", "env"],
    ["a variable in an argument", { s: { args: ["-e", `GH_TOKEN=${VALUE}`] } }, "s.args", "env"],
    [
      "a variable in a line of a shell",
      { s: { args: ["-c", `export API_KEY='${VALUE}'; run`] } },
      "s.args",
      "env",
    ],
    ["a user name and password", { notify: ["curl", "-u", `me:${VALUE}`] }, "notify", "env"],
    [
      "the header of a basic login",
      { s: { args: [`Basic ${Buffer.from(`me:${VALUE}`).toString("base64")}`] } },
      "s.args",
      "env",
    ],
    ["a password right behind its flag", { s: { args: ["-pTr0ub4dor3x"] } }, "s.args", "env"],
    [
      "a flag in a line of a shell",
      { s: { args: ["-c", `mytool --password ${VALUE} run`] } },
      "s.args",
      "env",
    ],
    [
      "a quoted flag in a line of a shell",
      { s: { args: ["-c", `mytool --api-key="${VALUE}" run`] } },
      "s.args",
      "env",
    ],
    [
      "a name with its value in a list",
      { s: { pair: ["api_key", "x7Kq92mmZ1"] } },
      "s.pair",
      "env",
    ],
    [
      "a token as the user of an address",
      { model_providers: { p: { base_url: "https://x7Kq92mmZ1pQ@host/v1" } } },
      "model_providers.p.base_url",
      "env_key",
    ],
    ["a signed URL", { s: { url: `https://host/?X-Amz-Signature=${VALUE}` } }, "s.url", "env"],
    ["a key of a gateway", { s: { url: `https://h/?subscription-key=${VALUE}` } }, "s.url", "env"],
    [
      "a parameter of a query",
      { p: { query_params: { key: VALUE } } },
      "p.query_params.key",
      "env",
    ],
    [
      "a header in camel case",
      { s: { httpHeaders: { Any: VALUE } } },
      "s.httpHeaders.Any",
      "env_http",
    ],
    [
      "a variable before a command",
      { s: { command: `env GH_TOKEN=${VALUE} run` } },
      "s.command",
      "env",
    ],
    [
      "a user and password in one flag",
      { notify: ["curl", `--user=me:${VALUE}`] },
      "notify",
      "env",
    ],
    [
      "a header in an argument",
      { notify: ["curl", "-H", `Cookie: sid=${VALUE}`] },
      "notify",
      "env",
    ],
    ["a name without its breaks", { s: { env: { PGPASSWORD: VALUE } } }, "s.env.PGPASSWORD", "env"],
    ["a flag and value in one", { s: { args: [`--api-key=${VALUE}`] } }, "s.args", "env"],
  ])(
    "refuses %s, names the setting and a remedy, and does not show it",
    (_what, config, path, remedy) => {
      const error = refusalOf(config);
      expect(error.option).toBe(`config.${path}`);
      expect(error.message).toContain("every user of this machine");
      expect(error.message).toContain(remedy);
      expect(error.message).not.toMatch(/of-no-known-shape|abcdef123456|12345678/);
    },
  );

  it("accepts settings that name a variable, and ordinary settings with such words in their names", () => {
    const config = {
      model: "m",
      model_auto_compact_token_limit: 100_000_000,
      cli_auth_credentials_store: "ephemeral",
      model_providers: {
        p: {
          env_key: "MY_API_KEY",
          env_key_instructions: "Create a key at https://example.com",
          env_http_headers: { "X-Token": "MY_TOKEN" },
        },
      },
      mcp_servers: {
        s: {
          bearer_token_env_var: "MY_TOKEN",
          env_vars: ["GITHUB_TOKEN"],
          env: { LOG_LEVEL: "debug", KEYBOARD_LAYOUT: "us-international", TOKEN_FILE: "/x/token" },
          args: ["--token-file", "/x/token", "--verbose", "-e", "GH_TOKEN", "LOG_LEVEL=debug"],
          tools: { get_token: { approval_mode: "approve" } },
        },
      },
      hooks: {
        more: [
          "-p8080",
          "-p/run/x1y2z3a4",
          "-pl",
          "-p5432:5432",
          "-c",
          "use --token-file /x1y2/token99 now",
        ],
        pairs: [
          ["API_KEY", "GH_TOKEN"],
          ["token", "list"],
        ],
        site: "https://user@host/path",
        args: ["-c", 'export GH_TOKEN="$(cat /x)"; GITHUB_TOKEN=$GH_TOKEN run', "-u", "me"],
      },
      shell_environment_policy: { exclude: ["*KEY*", "*TOKEN*"], set: { CI: "1" } },
      otel: { exporter: { "otlp-http": { tls: { "client-private-key": "/etc/otel/key.pem" } } } },
      projects: { "/home/me/token": { trust_level: "trusted" } },
    };
    expect(() => checkConfigSecrets(config)).not.toThrow();
  });
});
