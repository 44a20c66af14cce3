/** Answers of models that may be given again. One store for all processes; what it holds is JSON. */
export interface ResponseCache {
  get(tenantId: string, key: string): Promise<unknown>;
  set(tenantId: string, key: string, value: unknown, ttlMs: number): Promise<void>;
}
