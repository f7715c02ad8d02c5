import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

import { applyPatch, message, shellCall } from "@openai/codex/testing";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { startAppServer } from "./appServer.js";
import { chromiumPath } from "./chromium.js";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
/** Folder for pictures of the page, where one wants to look at them. */
const PICTURES = process.env["SCREENSHOTS"];
const REASON =
  chromiumPath === undefined
    ? " [skipped: no Chromium is installed (apt-get install chromium), and CHROMIUM_PATH is not set]"
    : "";

const escalated = { sandbox_permissions: "require_escalated", justification: "You asked for it." };

describe.skipIf(chromiumPath === undefined)(`the web app in headless Chromium${REASON}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    // Containers often lack the namespaces that the sandbox of Chromium needs; the page is our own.
    const executablePath = chromiumPath ?? "";
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  });
  afterAll(() => browser.close());

  /** Errors that scripts of the pages did not catch. */
  const problems: string[] = [];
  afterEach(() => {
    const [problem] = problems.splice(0);
    if (problem !== undefined) throw new Error(problem);
  });

  async function openPage(url: string): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 900, height: 700 } });
    page.on("pageerror", (error) => problems.push(error.message));
    await page.goto(url);
    await page.getByText("Ready.").waitFor();
    return page;
  }

  async function send(page: Page, text: string): Promise<void> {
    await page.getByLabel("Message").fill(text);
    await page.getByRole("button", { name: "Send" }).click();
  }

  it("shows the text of a turn while the model writes it, and the tokens at its end", async () => {
    await using server = await startAppServer();
    const gate = server.harness.model.gate();
    server.harness.model.streamText(["Hello ", gate, "there."]);
    const page = await openPage(server.url);

    await send(page, "Greet me.");
    await page.getByText("Hello", { exact: true }).waitFor();
    const during = await page.getByRole("status").textContent();
    gate.open();
    await page.getByText("Hello there.").waitFor();
    await page.getByText("Ready. 2 tokens.").waitFor();
    await page.close();

    expect(during).toBe("Working.");
  });

  it("runs a command that is approved, and not one that is declined", async () => {
    await using server = await startAppServer();
    server.harness.model
      .enqueue(shellCall("echo approved", escalated))
      .enqueue(shellCall("echo declined", escalated))
      .reply("The first one ran.");
    const page = await openPage(server.url);

    await send(page, "Run both.");
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByText("Command: completed").waitFor();
    await page.getByRole("button", { name: "Decline" }).click();
    await page.getByText("Command: declined").waitFor();
    await page.getByText("The first one ran.").waitFor();
    const open = await page.getByRole("button", { name: "Approve" }).count();
    await page.close();

    expect(open).toBe(0);
  });

  it("stops a turn, and is ready for the next one", async () => {
    await using server = await startAppServer();
    const { model } = server.harness;
    model.streamText(["One, ", model.gate()]).reply("Hello.");
    const page = await openPage(server.url);

    await send(page, "Count.");
    await page.getByText("One,").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("Ready.").waitFor();
    await send(page, "Greet me.");
    await page.getByText("Hello.").waitFor();
    const problem = await page.getByText("Problem").count();
    await page.close();

    expect(problem).toBe(0);
  });

  it("shows a running turn again after a reload, and follows it to its end", async () => {
    await using server = await startAppServer();
    const gate = server.harness.model.gate();
    server.harness.model.streamText(["Once ", gate, "upon a time."]);
    const page = await openPage(server.url);

    await send(page, "Tell me a tale.");
    await page.getByText("Once", { exact: true }).waitFor();
    await page.reload();
    await page.getByText("Once", { exact: true }).waitFor();
    await page.getByText("Working.").waitFor();
    gate.open();
    await page.getByText("Once upon a time.").waitFor();
    const messages = await page.locator(".agentMessage").count();
    await page.close();

    // The text that the page had before the reload is not there twice.
    expect(messages).toBe(1);
  });

  it("lists the threads, and opens an earlier one with its items", async () => {
    await using server = await startAppServer();
    server.harness.model.reply("First answer.");
    const page = await openPage(server.url);

    await send(page, "First question.");
    await page.getByText("First answer.").waitFor();
    await page.getByText("Ready. 2 tokens.").waitFor();
    await page.getByRole("button", { name: "New thread" }).click();
    await page.getByText("First answer.").waitFor({ state: "detached" });
    await page.getByLabel("Thread", { exact: true }).selectOption({ label: "First question." });
    await page.getByText("First answer.").waitFor();
    const asked = await page.locator(".userMessage p").allTextContents();
    await page.close();

    expect(asked).toEqual(["First question."]);
  });

  it("is used by keyboard alone: a message, an approval, a steer and a stop", async () => {
    await using server = await startAppServer();
    const { model } = server.harness;
    model.enqueue(shellCall("echo approved", escalated)).streamText(["One, ", model.gate()]);
    model.streamText(["Two, ", model.gate()]);
    const page = await openPage(server.url);
    const { keyboard } = page;
    /** Moves the focus until it is on the control, as a person does who cannot use a mouse. */
    async function tabTo(name: string): Promise<void> {
      for (let step = 0; step < 20; step += 1) {
        // oxlint-disable-next-line no-await-in-loop
        if ((await focusedIn(page)).includes(name)) return;
        // oxlint-disable-next-line no-await-in-loop
        await keyboard.press("Tab");
      }
      throw new Error(`The focus does not come to ${name}.`);
    }

    await tabTo("text");
    await keyboard.type("Run it.");
    await keyboard.press("Enter");
    await page.getByText("Run this command?").waitFor();
    await tabTo("Approve");
    await keyboard.press("Enter");
    await page.getByText("One,").waitFor();
    await tabTo("text");
    await keyboard.type("Faster.");
    await keyboard.press("Enter");
    await page.getByText("Two,").waitFor();
    await tabTo("Stop");
    await keyboard.press("Space");
    await page.getByText("Ready.").waitFor();
    const focused = await focusedIn(page);
    await page.close();

    // The button that was pressed is gone: the focus is where the next message is written.
    expect(focused).toContain("text");
  });

  it.each(["light", "dark"] as const)(
    "has no violation that axe finds, with every kind of content: %s",
    async (colorScheme) => {
      await using server = await startAppServer();
      const { model } = server.harness;
      model
        .enqueue(message("I write the file."), applyPatch({ "notes.txt": "Buy milk.\n" }))
        .enqueue(shellCall("cat notes.txt"))
        .enqueue(shellCall("echo outside", escalated));
      const page = await openPage(server.url);
      await page.emulateMedia({ colorScheme });

      await send(page, "Note that I need milk.");
      await page.getByText("Run this command?").waitFor();
      const violations = await violationsOf(page);
      if (PICTURES !== undefined) await takePictures(page, colorScheme);
      await page.close();

      expect(violations).toEqual([]);
    },
  );

  it("fits a phone: nothing is wider than the screen", async () => {
    await using server = await startAppServer();
    const { model } = server.harness;
    const long = "a".repeat(300);
    model.enqueue(shellCall(`echo ${long}`)).reply(`${long} ${long}`);
    const page = await openPage(server.url);
    await page.setViewportSize({ width: 360, height: 640 });

    await send(page, "Print a long line.");
    await page.getByText("Ready. 4 tokens.").waitFor();
    const width = await page.evaluate("document.documentElement.scrollWidth");
    if (PICTURES !== undefined) await takePictures(page, "phone");
    await page.close();

    expect(width).toBe(360);
  });
});

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { html: string }[];
  }[];
}

/** Returns the id and the text of the element that has the focus. */
async function focusedIn(page: Page): Promise<readonly string[]> {
  return page.evaluate("[document.activeElement.id, document.activeElement.textContent.trim()]");
}

async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(AXE, "utf8"));
  const results: AxeResults = await page.evaluate("axe.run()");
  return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

async function takePictures(page: Page, name: string): Promise<void> {
  await mkdir(PICTURES ?? "", { recursive: true });
  await page.screenshot({ path: join(PICTURES ?? "", `web-${name}.png`) });
}
