import { expect, test } from "vitest";

import {
  packageManagerOf,
  platformAdvice,
  reinstallAdvice,
  versionAdvice,
} from "../src/packageManager.js";
import { targetNamed } from "./support/fixtures.js";

test.each([
  ["npm/11.19.1 node/v20.20.2 linux x64 workspaces/false", null, "npm"],
  ["pnpm/12.21.0 npm/? node/v20.20.2 linux x64", "/app/.yarn/x.js", "pnpm"],
  ["yarn/1.22.22 npm/? node/v20.20.2 linux x64", null, "yarn"],
  ["bun/1.4.5 npm/? node/v24.3.0 linux x64", null, "bun"],
  ["other/1.0.0", null, null],
  [undefined, null, null],
  [undefined, "/app/node_modules/@openai/codex-cli-bin/dist/host.js", null],
  [undefined, "/app/node_modules/.pnpm/x/node_modules/y/dist/host.js", "pnpm"],
  [undefined, "/store/v11/links/@openai/codex-cli-bin/1.2.3/0a/node_modules/y/z.js", "pnpm"],
  [undefined, "C:\\app\\node_modules\\.bun\\x\\node_modules\\y\\host.js", "bun"],
  [undefined, "/app/.yarn/unplugged/x/node_modules/y/dist/host.js", "yarn"],
] as const)(
  "the user agent %j and the path %j mean the package manager %j",
  (userAgent, location, expected) => {
    expect(packageManagerOf(userAgent, location)).toBe(expected);
  },
);

test.each([
  [
    "npm",
    ["npm install --include=optional", "npm install --os=linux --cpu=arm64", "run: npm install"],
  ],
  [
    "pnpm",
    ["run: pnpm install", "supportedArchitectures in pnpm-workspace.yaml", "run: pnpm install"],
  ],
  ["yarn", ["run: yarn install", "supportedArchitectures in .yarnrc.yml", "run: yarn install"]],
  ["bun", ["run: bun install", "bun install --os=linux --cpu=arm64", "run: bun install"]],
  [
    null,
    [
      "npm install --include=optional (pnpm, yarn, bun",
      "npm install --os=linux --cpu=arm64",
      "run: npm install",
    ],
  ],
] as const)("the advice for %s names its own commands", (manager, expected) => {
  const target = targetNamed("linux-arm64");
  expect([
    reinstallAdvice(manager, target).join("\n"),
    platformAdvice(manager, target).join("\n"),
    versionAdvice(manager).join("\n"),
  ]).toEqual(expected.map((part) => expect.stringContaining(part)));
});
