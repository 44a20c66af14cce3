/** Answers of models that may be given again. One store for all processes; what it holds is JSON. */
export interface ResponseCache {
  /** With how long it is still kept: by the clock of the store, which is one for all. */
  get(tenantId: string, key: string): Promise<{ value: unknown; expiresInMs: number } | undefined>;
  set(tenantId: string, key: string, value: unknown, ttlMs: number): Promise<void>;
}
