import type { ApprovalRequest } from "@openai/codex";
import type { ServerNotification, ThreadItem } from "@openai/codex/types";

/** State of the page for one thread. The server keeps it, so that a reload loses nothing. */
export interface PageState {
  readonly items: readonly PageItem[];
  readonly isRunning: boolean;
  readonly plan: readonly { readonly step: string; readonly status: string }[];
  readonly approvals: readonly PageApproval[];
  readonly totalTokens: number;
  readonly problem: string | null;
}

/** An item with a key that is unique in the thread: ids of items are unique in a turn only. */
export interface PageItem {
  readonly key: string;
  readonly item: ThreadItem;
}

/** A request of the runtime that waits for a person. */
export interface PageApproval {
  readonly id: string;
  readonly request: ApprovalRequest;
}

/** State of a thread of which nothing has been read yet. */
export const EMPTY_STATE: PageState = {
  items: [],
  isRunning: false,
  plan: [],
  approvals: [],
  totalTokens: 0,
  problem: null,
};

/** Returns the state after an event of a turn. */
export function applyEvent(state: PageState, event: ServerNotification): PageState {
  switch (event.method) {
    case "item/started":
    case "item/completed": {
      const { turnId, item } = event.params;
      return withItem(state, { key: `${turnId}/${item.id}`, item });
    }
    case "item/agentMessage/delta":
      return withText(state, event.params, (item, delta) =>
        item.type === "agentMessage" ? { ...item, text: item.text + delta } : item,
      );
    case "item/commandExecution/outputDelta":
      return withText(state, event.params, (item, delta) =>
        item.type === "commandExecution"
          ? { ...item, aggregatedOutput: (item.aggregatedOutput ?? "") + delta }
          : item,
      );
    case "turn/plan/updated":
      return { ...state, plan: event.params.plan };
    case "thread/tokenUsage/updated":
      return { ...state, totalTokens: event.params.tokenUsage.total.totalTokens };
    case "error":
      return { ...state, problem: event.params.error.message };
    default:
      return state;
  }
}

/** Returns the state with an item added, or replaced by its newer form. */
export function withItem(state: PageState, added: PageItem): PageState {
  const isKnown = state.items.some(({ key }) => key === added.key);
  const items = isKnown
    ? state.items.map((item) => (item.key === added.key ? added : item))
    : [...state.items, added];
  return { ...state, items };
}

function withText(
  state: PageState,
  params: { readonly turnId: string; readonly itemId: string; readonly delta: string },
  append: (item: ThreadItem, delta: string) => ThreadItem,
): PageState {
  const changed = `${params.turnId}/${params.itemId}`;
  const items = state.items.map(({ key, item }) =>
    key === changed ? { key, item: append(item, params.delta) } : { key, item },
  );
  return { ...state, items };
}
