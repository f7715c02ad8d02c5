import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A span as an exporter sends it, in the parts that tests read. */
export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first span of a trace. */
  readonly parentSpanId: string;
  readonly name: string;
}

/** A collector of OTLP traces on the loopback interface, by HTTP and JSON. */
export class TraceCollector implements AsyncDisposable {
  readonly spans: CollectedSpan[] = [];
  readonly #server = createServer((request, response) => {
    void text(request).then((body) => {
      this.#add(JSON.parse(body));
      response.setHeader("content-type", "application/json");
      response.end("{}");
    });
  });

  static async start(): Promise<TraceCollector> {
    const collector = new TraceCollector();
    collector.#server.listen(0, "127.0.0.1");
    await once(collector.#server, "listening");
    return collector;
  }

  /** URL to which an exporter sends its traces. */
  get endpoint(): string {
    // SAFETY: a server that listens on a port has an address with it.
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/v1/traces`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  #add(request: unknown): void {
    // SAFETY: the runtime sends nothing but ExportTraceServiceRequest to this path.
    const { resourceSpans } = request as {
      readonly resourceSpans: readonly {
        readonly scopeSpans: readonly { readonly spans: readonly Partial<CollectedSpan>[] }[];
      }[];
    };
    for (const { scopeSpans } of resourceSpans) {
      for (const { spans } of scopeSpans) {
        for (const { traceId = "", spanId = "", parentSpanId = "", name = "" } of spans) {
          this.spans.push({ traceId, spanId, parentSpanId, name });
        }
      }
    }
  }
}
