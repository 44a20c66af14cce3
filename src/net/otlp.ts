import { setTimeout as sleep } from 'node:timers/promises';
import type { Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';

export interface Otlp {
  tracer(scope: string): Tracer;
  /** Throws, in words, when the collector does not take what we send. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** A collector that does not answer is given up on after this long; its spans are dropped. */
const answerMs = 3000;
/** Longest that an end of ours waits for it. */
const closeMs = 2000;

/** Spans in batches to a collector, beside the work. It is ours alone: other libraries of this process do not send theirs through it. */
export function otlp({
  endpoint,
  headers,
  service,
  log,
}: {
  endpoint: string;
  headers: Record<string, string> | undefined;
  service: string;
  log: Log;
}): Otlp {
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  const exporter = tellingOf(new OTLPTraceExporter({ url, timeoutMillis: answerMs, ...(headers && { headers }) }), log);
  // every option is given: what is left out the library reads from the environment
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
    spanProcessors: [
      new BatchSpanProcessor(exporter, {
        maxQueueSize: 4096,
        maxExportBatchSize: 512,
        scheduledDelayMillis: 1000,
        exportTimeoutMillis: answerMs,
      }),
    ],
  });
  return {
    tracer: (scope) => provider.getTracer(scope),
    async check() {
      // no bytes are a request without spans
      const asked = { method: 'POST', body: '', headers: { 'content-type': 'application/x-protobuf', ...headers } };
      const answer = await fetch(url, { ...asked, signal: AbortSignal.timeout(answerMs) }).catch((error) => {
        throw new AppError('unavailable', `${url} cannot be reached (OTEL_EXPORTER_OTLP_ENDPOINT)`, { cause: error });
      });
      await answer.body?.cancel();
      if (!answer.ok) throw new AppError('unavailable', `${url} answers ${answer.status} (OTEL_EXPORTER_OTLP_HEADERS)`);
    },
    async close() {
      const bound = new AbortController();
      const sent = provider.shutdown().catch((error) => log.debug({ err: error }, 'the last spans were not delivered'));
      await Promise.race([sent, sleep(closeMs, undefined, { signal: bound.signal }).catch(() => undefined)]);
      bound.abort();
    },
  };
}

/** Says once that spans do not arrive, and again only after they did. */
function tellingOf(exporter: SpanExporter, log: Log): SpanExporter {
  let told = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        // 0: they arrived
        if (result.code === 0) told = false;
        else if (!told) {
          told = true;
          log.warn(
            { err: result.error },
            'the collector of OTEL_EXPORTER_OTLP_ENDPOINT does not take our spans; they are dropped',
          );
        }
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    ...(exporter.forceFlush && { forceFlush: () => exporter.forceFlush!() }),
  };
}
