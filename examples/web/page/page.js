import { element, renderApproval, renderItem } from "./view.js";

const find = (id) => document.getElementById(id);
const [items, plan, approvals, status, form, text, stop, send, threads] = [
  "items",
  "plan",
  "approvals",
  "status",
  "form",
  "text",
  "stop",
  "send",
  "threads",
].map(find);

let threadId;
let events;
let shown = new Map();
let wasRunning = false;

async function post(path, body = {}) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

/** Opens a thread, and follows it. The address keeps its id, so that a reload comes back to it. */
function open(id) {
  threadId = id;
  location.hash = id;
  threads.value = id;
  items.replaceChildren();
  shown = new Map();
  wasRunning = false;
  events?.close();
  events = new EventSource(`/api/threads/${id}/events`);
  events.addEventListener("message", ({ data }) => show(JSON.parse(data)));
}

function show(state) {
  const isAtEnd = items.scrollHeight - items.scrollTop - items.clientHeight < 40;
  showItems(state.items);
  plan.hidden = state.plan.length === 0;
  const steps = state.plan.map(({ step, status: done }) => element("li", { class: done }, step));
  plan.replaceChildren(element("h2", {}, "Plan"), element("ol", {}, ...steps));
  showApprovals(state.approvals);
  stop.hidden = !state.isRunning;
  send.textContent = state.isRunning ? "Steer" : "Send";
  const tokens = state.totalTokens === 0 ? "" : ` ${state.totalTokens} tokens.`;
  const word = state.isRunning ? "Working." : "Ready.";
  status.textContent = state.problem ? `Problem: ${state.problem}` : `${word}${tokens}`;
  if (isAtEnd) items.scrollTop = items.scrollHeight;
  // A thread has its name, the first message, once its first turn is stored.
  if (wasRunning && !state.isRunning) listThreads().catch(report);
  wasRunning = state.isRunning;
}

/** Replaces only what has changed, so that the focus and the selection stay. */
function showItems(list) {
  for (const entry of list) {
    const json = JSON.stringify(entry.item);
    const known = shown.get(entry.key);
    if (known?.json === json) continue;
    const rendered = renderItem(entry);
    if (rendered === undefined) continue;
    if (known === undefined) items.append(rendered);
    else known.rendered.replaceWith(rendered);
    shown.set(entry.key, { json, rendered });
  }
}

function showApprovals(list) {
  const ids = new Set(list.map(({ id }) => id));
  for (const child of approvals.querySelectorAll("article")) {
    if (!ids.has(child.dataset.id)) child.remove();
  }
  for (const approval of list) {
    if (approvals.querySelector(`[data-id="${approval.id}"]`)) continue;
    approvals.append(
      renderApproval(approval, (id, answer) => {
        post(`/api/threads/${threadId}/approvals/${id}`, { answer }).catch(report);
        // The button disappears: the focus goes to where the next message is written.
        text.focus();
      }),
    );
  }
}

async function listThreads() {
  const list = await (await fetch("/api/threads")).json();
  const options = list.map(({ id, name }) => element("option", { value: id }, name || id));
  if (threadId && !list.some(({ id }) => id === threadId)) {
    options.unshift(element("option", { value: threadId }, "New thread"));
  }
  threads.replaceChildren(...options);
  threads.value = threadId ?? "";
}

async function startThread() {
  const { id } = await post("/api/threads");
  open(id);
  await listThreads();
  text.focus();
}

function report(error) {
  status.textContent = `Problem: ${error.message}`;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const message = text.value;
  text.value = "";
  post(`/api/threads/${threadId}/messages`, { text: message }).catch(report);
});
text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    form.requestSubmit();
  }
});
stop.addEventListener("click", () => {
  post(`/api/threads/${threadId}/stop`).catch(report);
  text.focus();
});
find("new").addEventListener("click", () => startThread().catch(report));
threads.addEventListener("change", () => open(threads.value));

const asked = location.hash.slice(1);
if (asked) {
  open(asked);
  listThreads().catch(report);
} else {
  startThread().catch(report);
}
