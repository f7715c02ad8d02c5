import { describe, expect, it } from "vitest";

import { isRetryableError } from "../../../src/api/retry.js";
import { SecretMasker } from "../../../src/internal/secrets.js";
import { saysOverloaded, toJsonRpcError } from "../../../src/rpc/rpcErrors.js";

function summaryOf(rpcCode: number, message = "m", data?: unknown) {
  const facts = { method: "a/b", rpcCode, message, ...(data === undefined ? {} : { data }) };
  const error = toJsonRpcError(facts, new SecretMasker());
  return { name: error.name, code: error.code, retryable: isRetryableError(error) };
}

describe("the errors of JSON-RPC", () => {
  it.each([
    [-32700, "ParseError", "PARSE_ERROR"],
    [-32600, "InvalidRequestError", "INVALID_REQUEST"],
    [-32601, "MethodNotFoundError", "METHOD_NOT_FOUND"],
    [-32602, "InvalidParamsError", "INVALID_PARAMS"],
    [-32603, "InternalRpcError", "INTERNAL_ERROR"],
    [-32000, "JsonRpcError", "JSON_RPC"],
    [-32099, "JsonRpcError", "JSON_RPC"],
    [-32100, "JsonRpcError", "JSON_RPC"],
    [42, "JsonRpcError", "JSON_RPC"],
  ])("map %i to %s, which is not retryable", (rpcCode, name, code) => {
    expect(summaryOf(rpcCode)).toEqual({ name, code, retryable: false });
  });

  const busy = { name: "ServerBusyError", code: "SERVER_BUSY", retryable: true };
  const limit = { name: "RetryLimitExceededError", code: "RETRY_LIMIT_EXCEEDED", retryable: true };

  it("take -32001 for an overload, with no data at all", () => {
    expect(summaryOf(-32001, "Server overloaded; retry later.")).toEqual(busy);
  });

  it.each([
    ["server_overloaded"],
    [{ codexErrorInfo: "serverOverloaded" }],
    [{ codex_error_info: "SERVER_OVERLOADED" }],
    [{ deep: [{ info: ["x", "server_overloaded"] }] }],
    [{ codexErrorInfo: { serverOverloaded: { status: 503 } } }],
  ])("take a server's code whose data has the word overloaded for one: %j", (data) => {
    expect(summaryOf(-32000, "m", data)).toEqual(busy);
  });

  it.each([["Retry limit reached"], ["exceeded RETRY LIMIT"], ["Too many failed attempts"]])(
    "know by its message that the runtime retried in vain: %s",
    (message) => {
      expect(summaryOf(-32050, message)).toEqual(limit);
      expect(summaryOf(-32001, message, "server_overloaded")).toEqual(limit);
    },
  );

  it("are retryable by their data, whatever their code", () => {
    expect(summaryOf(-32603, "m", { codexErrorInfo: "serverOverloaded" })).toEqual({
      name: "InternalRpcError",
      code: "INTERNAL_ERROR",
      retryable: true,
    });
    expect(
      [new Error("server_overloaded"), "server_overloaded", null].map(isRetryableError),
    ).toEqual([false, false, false]);
  });

  it("do not take a longer text that only mentions the word for an overload", () => {
    const data = ["the server_overloaded case", 1, null, { a: true }];
    expect(saysOverloaded(data)).toBe(false);
  });

  it.each([
    ["no rollout found for thread id 7", "check the id and CODEX_HOME"],
    ["thread 7 already has an active writer", "close the client there"],
  ])("add the remedy to what the runtime reports of a thread: %s", (message, remedy) => {
    const facts = { method: "thread/resume", rpcCode: -32600, message };
    const error = toJsonRpcError(facts, new SecretMasker());
    expect(error.message).toContain(`${message} (JSON-RPC error -32600); ${remedy}`);
    expect(error.rpcMessage).toBe(message);
  });

  it("carry the code, the data and the method, and show the runtime's message", () => {
    const data = { input_error_code: "input_too_large" };
    const message = "Invalid request: unknown variant `on-failure`";
    const error = toJsonRpcError(
      { method: "turn/start", rpcCode: -32602, message, data },
      new SecretMasker(),
    );
    expect({ ...error, message: error.message }).toEqual({
      name: "InvalidParamsError",
      code: "INVALID_PARAMS",
      rpcCode: -32602,
      method: "turn/start",
      rpcMessage: message,
      data,
      message: "turn/start: Invalid request: unknown variant `on-failure` (JSON-RPC error -32602)",
    });
  });
});
