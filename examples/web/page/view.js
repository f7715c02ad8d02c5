// Renders the state of a thread. Texts become text nodes, never markup.

/** Makes an element. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Renders one item of a thread; nothing for the kinds that the page does not show. */
export function renderItem({ key, item }) {
  const content = contentOf(item);
  return content === undefined
    ? undefined
    : element("article", { class: item.type, "data-key": key }, ...content);
}

function contentOf(item) {
  switch (item.type) {
    case "userMessage":
      return [element("h2", {}, "You"), element("p", {}, textOf(item.content))];
    case "agentMessage":
      return [element("h2", {}, "Codex"), element("p", {}, item.text)];
    case "reasoning":
      return item.summary.length === 0
        ? undefined
        : [element("h2", {}, "Reasoning"), element("p", {}, item.summary.join("\n"))];
    case "commandExecution":
      return [
        element("h2", {}, `Command: ${wordOf(item.status)}`),
        element("pre", { tabindex: "0", "aria-label": "Command" }, `$ ${item.command}`),
        ...output(item.aggregatedOutput),
      ];
    case "fileChange":
      return [
        element("h2", {}, `File change: ${wordOf(item.status)}`),
        ...item.changes.map(renderDiff),
      ];
    default:
      return undefined;
  }
}

function wordOf(status) {
  return status === "inProgress" ? "running" : status;
}

function output(text) {
  if (!text) return [];
  return [element("pre", { class: "output", tabindex: "0", "aria-label": "Output" }, text)];
}

function textOf(content) {
  return content.map((part) => (part.type === "text" ? part.text : `[${part.type}]`)).join("\n");
}

/** Renders the change of one file. The diff of a new or deleted file is its text, without marks. */
function renderDiff({ path, diff, kind }) {
  const lines = diff
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => element("span", { class: classOf(line, kind.type) }, `${line}\n`));
  return element(
    "figure",
    {},
    element("figcaption", {}, path),
    element("pre", { class: "diff", tabindex: "0", "aria-label": `Changes of ${path}` }, ...lines),
  );
}

function classOf(line, kind) {
  if (kind === "add") return "added";
  if (kind === "delete") return "removed";
  if (line.startsWith("+")) return "added";
  return line.startsWith("-") ? "removed" : "same";
}

/** Renders an approval request with its two buttons. */
export function renderApproval({ id, request }, answer) {
  const subject =
    request.kind === "command"
      ? [element("pre", { tabindex: "0", "aria-label": "Command" }, `$ ${request.command ?? ""}`)]
      : (request.changes ?? []).map(renderDiff);
  const buttons = [
    ["accept", "Approve"],
    ["decline", "Decline"],
  ].map(([word, label]) => {
    const button = element("button", { type: "button", class: word }, label);
    button.addEventListener("click", () => answer(id, word));
    return button;
  });
  return element(
    "article",
    { class: "approval", "data-id": id },
    element("h2", {}, request.kind === "command" ? "Run this command?" : "Change these files?"),
    ...(request.reason ? [element("p", {}, request.reason)] : []),
    ...subject,
    element("div", { class: "buttons" }, ...buttons),
  );
}
