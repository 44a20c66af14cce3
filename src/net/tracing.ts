import {
  type Context,
  context,
  type Span as OtelSpan,
  ProxyTracerProvider,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { EndedSpan, Span, SpanOptions, Tracing } from '../core/tracing.ts';
import { publicError } from '../errors.ts';
import type { Log } from '../log.ts';

export interface TracingOptions {
  /** Base address of an OTLP/HTTP collector. Absent: nothing is sent by us. */
  endpoint?: string | undefined;
  headers?: Record<string, string> | undefined;
  service: string;
  log: Log;
}

export interface OpenTracing extends Tracing {
  /** Where spans go, in words; absent when nobody takes them. */
  readonly to: string | undefined;
  /** Throws, in words, when they do not arrive. */
  check(): Promise<void>;
  /** Sends what is left, for at most a moment. */
  close(): Promise<void>;
}

const scope = 'sales-agent';

/**
 * Spans by OpenTelemetry. A program that we are part of and that registered a tracer provider gets ours; otherwise they go to the collector
 * that is named, or nowhere, which costs next to nothing. What a span is part of is handed on as a value, because a stream is read by
 * whoever reads it: no context of an async function reaches into a generator for sure.
 */
export async function openTracing({ endpoint, headers, service, log }: TracingOptions): Promise<OpenTracing> {
  if (endpoint === undefined || embeddedIn())
    return {
      ...tracingOf(trace.getTracer(scope)),
      get to() {
        return embeddedIn() ? 'the tracer provider of the program around us' : undefined;
      },
      check: async () => undefined,
      close: async () => undefined,
    };
  // only now: nobody pays for an exporter that is not used
  const { otlp } = await import('./otlp.ts');
  const exporter = otlp({ endpoint, headers, service, log });
  return { ...tracingOf(exporter.tracer(scope)), to: endpoint, check: exporter.check, close: exporter.close };
}

/** Whether somebody registered a provider for this whole process. */
const embeddedIn = (): boolean => {
  const provider = trace.getTracerProvider();
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer(scope) !== undefined;
};

export function tracingOf(tracer: Tracer): Tracing {
  return {
    async trace(name, { parent, attributes = {} }, work) {
      const begun = clock();
      const within = contextOf(parent);
      const otel = tracer.startSpan(name, { attributes, startTime: begun }, within);
      const span = new OpenSpan(otel);
      try {
        return await context.with(trace.setSpan(within, otel), () => work(span));
      } catch (error) {
        span.fail(publicError(error).code);
        throw error;
      } finally {
        otel.end(clock());
      }
    },
    record({ name, parent, attributes = {}, ms, client = false, errorType }: EndedSpan) {
      const ended = clock();
      const kind = client ? SpanKind.CLIENT : SpanKind.INTERNAL;
      const otel = tracer.startSpan(name, { attributes, kind, startTime: ended - ms }, contextOf(parent));
      if (errorType !== undefined) fail(otel, errorType);
      otel.end(ended);
    },
  };
}

class OpenSpan implements Span {
  readonly otel: OtelSpan;

  constructor(otel: OtelSpan) {
    this.otel = otel;
  }

  get traceparent(): string | undefined {
    const at = this.otel.spanContext();
    if (!trace.isSpanContextValid(at)) return undefined;
    return `00-${at.traceId}-${at.spanId}-${at.traceFlags.toString(16).padStart(2, '0')}`;
  }

  set(attributes: Parameters<Span['set']>[0]): void {
    this.otel.setAttributes(attributes);
  }

  fail(errorType: string): void {
    fail(this.otel, errorType);
  }
}

function fail(otel: OtelSpan, errorType: string): void {
  otel.setAttribute('error.type', errorType);
  otel.setStatus({ code: SpanStatusCode.ERROR });
}

function contextOf(parent: SpanOptions['parent']): Context {
  const around = context.active();
  if (parent === undefined) return around;
  if (parent instanceof OpenSpan) return trace.setSpan(around, parent.otel);
  const [, traceId, spanId, flags] = (typeof parent === 'string' && parent.match(traceparent)) || [];
  if (!traceId || !spanId) return around;
  return trace.setSpanContext(around, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags ?? '0', 16) & TraceFlags.SAMPLED,
    isRemote: true,
  });
}

const traceparent = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Since 1970 at zero of the steady clock, which stands still while the machine sleeps. */
let zero = performance.timeOrigin;
const mostApart = 20;

/** One clock for all spans, finer than a millisecond, so that what came later also looks later. */
function clock(): number {
  const steady = performance.now();
  const wall = Date.now();
  if (Math.abs(zero + steady - wall) > mostApart) zero = wall - steady;
  return zero + steady;
}
