// Starts the SDK where the runtime cannot be found, and prints what the user is told. With an argument
// it names the runtime itself.
import { Codex } from "@openai/codex";

const [path] = process.argv.slice(2);
const codex = new Codex(path === undefined ? {} : { codexPath: path });
try {
  await codex.start();
  process.stdout.write(JSON.stringify({ started: true }));
} catch (error) {
  const { name, code, message, cause } = error;
  process.stdout.write(JSON.stringify({ name, code, message, cause: cause?.code }));
} finally {
  await codex.close();
}
