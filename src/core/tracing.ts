/** What is told of a piece of work: figures, ids and names from our own lists. Never what was said, and never about whom. */
export type Attributes = Record<string, string | number | boolean | string[]>;

/** A piece of work under way; others are part of it. */
export interface Span {
  /** Where it belongs, for work that goes on in another process (W3C Trace Context). Absent when nobody records. */
  readonly traceparent: string | undefined;
  set(attributes: Attributes): void;
  /** It did not end well: a word from a fixed list, no sentence. */
  fail(errorType: string): void;
}

export interface SpanOptions {
  /** What it is part of: a span, or the traceparent of one elsewhere. Absent: it stands alone. */
  parent?: Span | string | undefined;
  attributes?: Attributes;
}

/** A piece of work that has ended just now. */
export interface EndedSpan extends SpanOptions {
  name: string;
  ms: number;
  /** We asked somebody else. */
  client?: boolean;
  errorType?: string | undefined;
}

/** Who tells the outside how long what took, and what was part of what. */
export interface Tracing {
  /** The span ends with the work; what the work throws is told by its code. */
  trace<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T>;
  record(ended: EndedSpan): void;
}
