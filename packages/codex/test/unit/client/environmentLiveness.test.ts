import { expect, it } from "vitest";

import { EnvironmentLiveness } from "../../../src/client/environmentLiveness.js";

/** Answers of the runtime, one for each look; an `Error` rejects. */
function scripted(...statuses: (string | Error)[]) {
  const looks: string[] = [];
  const liveness = new EnvironmentLiveness(async (method, params) => {
    looks.push(`${method} ${JSON.stringify(params)}`);
    const status = statuses.shift() ?? "ready";
    if (status instanceof Error) throw status;
    return { status, error: "gone" };
  });
  return { liveness, looks };
}

it("an environment is lost after two looks in a row that show it as disconnected, and only then", async () => {
  const { liveness, looks } = scripted(
    "disconnected",
    "ready",
    "disconnected",
    new Error("no answer"),
    "disconnected",
    "disconnected",
  );

  const reasons = await Promise.all(
    [0, 1].map(() => new Promise((resolve) => liveness.watch("box", resolve))),
  );

  expect(reasons).toEqual(["gone", "gone"]);
  expect(looks).toEqual(
    Array.from({ length: 6 }, () => 'environment/status {"environmentId":"box"}'),
  );
  expect(liveness.size).toBe(0);
});

it("an environment is not watched any longer once the last of its turns has ended", () => {
  const { liveness } = scripted();
  const ends = [0, 1].map(() => liveness.watch("box", () => {}));

  ends[0]?.();
  expect(liveness.size).toBe(1);
  ends[1]?.();
  expect(liveness.size).toBe(0);
});
