import { expectTypeOf } from "vitest";

import type { Account } from "../../src/types.js";

// The runtime always sends the member, and null for a login whose token names no address.
type ChatgptAccount = Extract<Account, { readonly type: "chatgpt" }>;
expectTypeOf<ChatgptAccount["email"]>().toEqualTypeOf<string | null>();
expectTypeOf<{ type: "chatgpt"; planType: "pro" }>().not.toExtend<ChatgptAccount>();
