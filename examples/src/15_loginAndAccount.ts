// The current login, and a login with a device code. Without --wait the attempt is cancelled at once,
// and the stored login stays. `codex.loginApiKey(key)` and `codex.loginChatgpt()` are the other ways.
import { Codex } from "@openai/codex";

await using codex = new Codex();

async function showAccount(): Promise<void> {
  const { account, requiresOpenaiAuth } = await codex.account();
  if (account === null) console.log("Account: nobody; needed:", requiresOpenaiAuth);
  else console.log("Account:", account.type, account.type === "chatgpt" ? account.planType : "");
}

await showAccount();

const login = await codex.loginChatgptDeviceCode();
console.log(`Open ${login.verificationUrl} and type ${login.userCode}`);
if (!process.argv.includes("--wait")) {
  const { status } = await login.cancel();
  console.log("Cancel:", status);
}
const completion = await login.wait({ signal: AbortSignal.timeout(15 * 60_000) });
console.log("Login succeeded:", completion.success);

await showAccount();
