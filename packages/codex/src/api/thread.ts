import type { AppServerClient } from "../client/appServerClient.js";
import { type RunInput, toWireInput } from "./input.js";
import {
  type OutputOf,
  type OutputSchema,
  type PreparedOutput,
  prepareOutput,
} from "./outputSchema.js";
import { startTurn } from "./startTurn.js";
import { TurnHandle } from "./turn.js";
import { type TurnOptions, toTurnParams } from "./turnOptions.js";
import type { TurnResult } from "./turnResult.js";

/** A conversation that the runtime keeps. It is made by `startThread`, `resumeThread` or `forkThread`. */
export class Thread {
  /** The thread's id, by which any client can resume it. */
  readonly id: string;
  readonly #client: AppServerClient;

  /** Made by `Codex`. @internal */
  constructor(client: AppServerClient, id: string) {
    this.#client = client;
    this.id = id;
  }

  /**
   * Runs one turn to its end (`turn/start`) and returns its result.
   *
   * @throws ThreadBusyError when the thread has an active turn; TurnFailedError when the turn fails;
   * InvalidOptionError before anything is sent; TransportClosedError when the runtime is gone.
   */
  async run<Schema extends OutputSchema | undefined = undefined>(
    input: RunInput,
    options: TurnOptions<Schema> = {},
  ): Promise<TurnResult<OutputOf<Schema>>> {
    const { handle, hasJoined } = await this.#start(input, options);
    return hasJoined ? handle.runJoined() : handle.run();
  }

  /**
   * Starts one turn (`turn/start`), to be streamed, steered or interrupted.
   *
   * @throws as `run`, but for what happens after the start.
   */
  async turn<Schema extends OutputSchema | undefined = undefined>(
    input: RunInput,
    options: TurnOptions<Schema> = {},
  ): Promise<TurnHandle<OutputOf<Schema>>> {
    return (await this.#start(input, options)).handle;
  }

  async #start<Schema extends OutputSchema | undefined>(
    input: RunInput,
    options: TurnOptions<Schema>,
  ) {
    const output: PreparedOutput<OutputOf<Schema>> = prepareOutput(options.outputSchema);
    const params = toTurnParams(this.id, toWireInput(input), options, output.wireSchema);
    const { route, hasJoined } = await startTurn(this.#client, params, options);
    const { idleTimeoutMs, signal } = options;
    const handle = new TurnHandle({ client: this.#client, route, output, idleTimeoutMs, signal });
    return { handle, hasJoined };
  }
}
