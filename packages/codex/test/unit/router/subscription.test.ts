import { describe, expect, it, vi } from "vitest";

import { CodexClosedError } from "../../../src/errors.js";
import {
  BACKLOG_MERGE_THRESHOLD,
  NOTIFICATION_BACKLOG_LIMIT,
} from "../../../src/router/backlog.js";
import { NotificationRouter } from "../../../src/router/notificationRouter.js";
import { rejectionOf } from "../../support/rejection.js";
import { routed } from "../../support/routedMessage.js";
import { delta, notification } from "../../support/wire.js";

const news = routed(notification("account/updated", {}));

/** Reads so many, and gives what comes after them: an error, or a result. */
async function afterReading(queue: AsyncIterableIterator<unknown>, count: number) {
  for (let i = 0; i < count; i += 1) {
    // One after the other, as a reader does.
    // oxlint-disable-next-line no-await-in-loop
    const { done } = await queue.next();
    if (done === true) throw new Error(`The subscription ended after ${i}.`);
  }
  return queue.next();
}

describe("a subscription to what is nobody's", () => {
  it("folds the text that nobody reads, once there is much of it", () => {
    const router = new NotificationRouter();
    const queue = router.subscribe();
    for (let i = 0; i < BACKLOG_MERGE_THRESHOLD + 5; i += 1) {
      router.dispatch(routed(delta("text", "unknown")));
    }
    expect(queue.size).toBe(BACKLOG_MERGE_THRESHOLD);
  });

  it("gets nothing more to keep once its reader has left", async () => {
    const router = new NotificationRouter();
    const queue = router.subscribe();
    const push = vi.spyOn(queue, "push");
    router.dispatch(news);
    await queue.return();
    router.dispatch(news);
    expect(push.mock.calls).toEqual([[news]]);
  });

  it("keeps as many as the limit allows, for as long as its reader takes", async () => {
    const router = new NotificationRouter();
    const queue = router.subscribe();
    for (let i = 0; i < NOTIFICATION_BACKLOG_LIMIT; i += 1) router.dispatch(news);
    router.fail(new CodexClosedError("test"));
    expect(await rejectionOf(afterReading(queue, NOTIFICATION_BACKLOG_LIMIT))).toBeInstanceOf(
      CodexClosedError,
    );
  });

  it("ends with an error after those and one more, and gets nothing more, unlike the others", async () => {
    const router = new NotificationRouter();
    const slow = router.subscribe();
    const push = vi.spyOn(slow, "push");
    for (let i = 0; i < NOTIFICATION_BACKLOG_LIMIT + 1; i += 1) router.dispatch(news);
    const other = router.subscribe();
    router.dispatch(news);
    expect([push.mock.calls.length, other.size]).toEqual([NOTIFICATION_BACKLOG_LIMIT + 1, 1]);
    expect(await rejectionOf(afterReading(slow, NOTIFICATION_BACKLOG_LIMIT + 1))).toMatchObject({
      code: "BACKLOG_EXCEEDED",
    });
  });
});
