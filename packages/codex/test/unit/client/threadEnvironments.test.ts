import { expect, it } from "vitest";

import { ThreadEnvironments } from "../../../src/client/threadEnvironments.js";
import { Observers } from "../../../src/router/observers.js";

it("the environments of a thread are those of its response, of the last turn, and of the last report", () => {
  const environments = new ThreadEnvironments();
  const observers = new Observers();
  environments.observe(observers);
  const list = (...ids: string[]) => ids.map((environmentId) => ({ environmentId, cwd: "/" }));
  const thread = { id: "t", environments: list("a", "local") };

  environments.noteResponse("thread/start", { thread });
  expect(environments.of("t")).toEqual(["a"]);
  environments.noteRequest("turn/start", { threadId: "t" });
  expect(environments.of("t")).toEqual(["a"]);
  environments.noteRequest("turn/start", { threadId: "t", environments: list("b", "c") });
  expect(environments.of("t")).toEqual(["b", "c"]);
  observers.notify({
    method: "thread/settings/updated",
    params: { threadId: "t", threadSettings: { environments: list("d") } },
  });
  expect(environments.of("t")).toEqual(["d"]);
  observers.notify({ method: "thread/closed", params: { threadId: "t" } });
  expect(environments.size).toBe(0);
});

it("environments that cannot be read are ignored", () => {
  const environments = new ThreadEnvironments();

  environments.noteResponse("thread/start", { thread: { id: "t", environments: [null, 5, {}] } });
  environments.noteResponse("thread/start", null);
  environments.noteRequest("turn/start", { threadId: "t", environments: "x" });

  expect(environments.size).toBe(0);
});
