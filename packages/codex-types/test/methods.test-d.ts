import { expectTypeOf } from "vitest";

import type {
  ClientMethod,
  ClientNotificationMap,
  ClientRequest,
  ClientRequestMap,
  ConfigWriteResponse,
  ExperimentalClientMethod,
  KnownServerNotification,
  KnownServerRequest,
  LogoutAccountResponse,
  ParamsOf,
  ResultOf,
  ServerNotificationMap,
  ServerRequestMap,
  StabilityOf,
  StableClientMethod,
  ThreadStartParams,
  ThreadStartResponse,
  TurnCompletedNotification,
} from "../src/index.js";

// The maps hold exactly the methods of the unions that the runtime wrote.
expectTypeOf<keyof ClientRequestMap>().toEqualTypeOf<ClientRequest["method"]>();
expectTypeOf<keyof ServerRequestMap>().toEqualTypeOf<KnownServerRequest["method"]>();
expectTypeOf<keyof ServerNotificationMap>().toEqualTypeOf<KnownServerNotification["method"]>();
expectTypeOf<keyof ClientNotificationMap>().toEqualTypeOf<"initialized">();

// And each method has the params that it has in its union.
type Disagreeing<Union extends { method: string; params?: unknown }, Map> = {
  [M in Union["method"] & keyof Map]: Map[M] extends { params: infer P }
    ? [P, Required<Extract<Union, { method: M }>>["params"]] extends [
        Extract<Union, { method: M }>["params"],
        P | undefined,
      ]
      ? never
      : M
    : M;
}[Union["method"] & keyof Map];
expectTypeOf<Disagreeing<ClientRequest, ClientRequestMap>>().toBeNever();
expectTypeOf<Disagreeing<KnownServerRequest, ServerRequestMap>>().toBeNever();
expectTypeOf<Disagreeing<KnownServerNotification, ServerNotificationMap>>().toBeNever();

// A method picks its params and its result, by the rule and by the table.
expectTypeOf<ParamsOf<"thread/start">>().toEqualTypeOf<ThreadStartParams>();
expectTypeOf<ResultOf<"thread/start">>().toEqualTypeOf<ThreadStartResponse>();
expectTypeOf<ParamsOf<"account/logout">>().toEqualTypeOf<undefined>();
expectTypeOf<ResultOf<"account/logout">>().toEqualTypeOf<LogoutAccountResponse>();
expectTypeOf<ResultOf<"config/value/write">>().toEqualTypeOf<ConfigWriteResponse>();
expectTypeOf<ParamsOf<"turn/completed">>().toEqualTypeOf<TurnCompletedNotification>();
expectTypeOf<ResultOf<"item/tool/call">["success"]>().toEqualTypeOf<boolean>();

// Every method is stable or experimental, and the two parts make up the whole.
expectTypeOf<StabilityOf<"thread/start">>().toEqualTypeOf<"stable">();
expectTypeOf<StabilityOf<"process/spawn">>().toEqualTypeOf<"experimental">();
expectTypeOf<StableClientMethod | ExperimentalClientMethod>().toEqualTypeOf<ClientMethod>();
expectTypeOf<Extract<ExperimentalClientMethod, "thread/start">>().toBeNever();

// @ts-expect-error: a method that the protocol does not have has no params.
expectTypeOf<ParamsOf<"thread/begin">>();
