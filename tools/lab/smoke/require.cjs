const sdk = require("@openai/codex");
const testing = require("@openai/codex/testing");

const { smoke } = require("./turn.mjs");

void smoke(sdk, testing);
