/** Answers that may be some time old. Nobody waits for a newer one, and a question that fails leaves the old one standing. */
export function remembered<T>(ask: (key: string) => Promise<T>, ms: number): (key: string) => Promise<T> {
  const known = new Map<string, { answer: Promise<T>; until: number }>();
  return (key) => {
    const found = known.get(key);
    if (found && found.until > performance.now()) return found.answer;
    const asked = ask(key);
    if (!found) {
      known.set(key, { answer: asked, until: performance.now() + ms });
      asked.catch(() => known.delete(key));
      return asked;
    }
    // one asks, the others go on with what is known
    found.until = performance.now() + ms;
    asked.then(
      (fresh) => known.set(key, { answer: Promise.resolve(fresh), until: performance.now() + ms }),
      () => undefined,
    );
    return found.answer;
  };
}
