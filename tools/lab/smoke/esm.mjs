import * as sdk from "@openai/codex";
import * as testing from "@openai/codex/testing";

import { smoke } from "./turn.mjs";

await smoke(sdk, testing);
