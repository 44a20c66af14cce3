/** SQLSTATE classes 22 (data exception) and 23 (integrity): the same statement on the same data fails the same way again. */
const sameAgain = /^2[23][0-9A-Z]{3}$/;

/**
 * Whether trying again may help. The code stands on the error, or on what it was made of: database libraries wrap what
 * the server said, and not one wraps it like another.
 */
export function mayHelpToRetry(error: unknown, depth = 0): boolean {
  if (!error || typeof error !== 'object' || depth > 6) return true;
  const { code, originalCode, cause, meta, driverAdapterError } = error as Record<string, unknown>;
  if ([code, originalCode].some((said) => typeof said === 'string' && sameAgain.test(said))) return false;
  return [cause, meta, driverAdapterError].every((inner) => mayHelpToRetry(inner, depth + 1));
}
