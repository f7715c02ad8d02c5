import { SecretMasker } from "../../src/internal/secrets.js";
import { Connection } from "../../src/rpc/connection.js";
import type { Answer } from "../../src/rpc/connectionListener.js";
import { LinkedTransport } from "./linkedTransport.js";

/** A connection over a linked transport, and all that its listener receives. */
export async function openConnection(maxInFlight = 64) {
  const transport = new LinkedTransport();
  const log: unknown[][] = [];
  const answers: ((answer: Answer) => void)[] = [];
  const connection = new Connection(
    transport,
    {
      onNotification: ({ method }) => {
        if (method === "bad") throw new Error(method);
        log.push(["notification", method]);
        return "delivered";
      },
      callsAtOnce: () => false,
      onRequest: ({ method }, answer) => {
        log.push(["request", method]);
        answers.push(answer);
      },
      onDiagnostic: (diagnostic) => log.push(["diagnostic", diagnostic]),
      onClose: (reason) => log.push(["closed", reason]),
    },
    new SecretMasker(),
    maxInFlight,
  );
  await connection.open();
  return { connection, transport, log, answers };
}
