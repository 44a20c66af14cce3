/**
 * Keeps focus where one was: a button that is pressed may be gone with its card a moment later, and the browser would begin again at the top of
 * the page.
 */
export function keepFocus(): () => void {
  let last: { element: Element; area: HTMLElement } | undefined;
  const focused = ({ target }: FocusEvent): void => {
    const element = target as HTMLElement;
    const area = element.closest<HTMLElement>('.panel-part, .scroller');
    last = area && area !== element ? { element, area } : undefined;
  };
  const watcher = new MutationObserver(() => {
    if (!last || last.element.isConnected || document.activeElement !== document.body || document.querySelector('dialog[open]'))
      return;
    last.area.focus({ preventScroll: true });
    last = undefined;
  });
  document.addEventListener('focusin', focused);
  watcher.observe(document.body, { childList: true, subtree: true });
  return () => {
    document.removeEventListener('focusin', focused);
    watcher.disconnect();
  };
}
