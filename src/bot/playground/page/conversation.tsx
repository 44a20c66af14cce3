import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import * as icons from './icons.tsx';
import { changeable } from './messages.ts';
import { Row, SendingRow } from './row.tsx';
import { usePage } from './store.ts';
import { Welcome } from './welcome.tsx';

/** How far from the end still counts as reading the end. */
const near = 120;
/** Room above a question whose answer is long. */
const above = 16;

/** What was said, newest last; keeps to the end while one reads there, and never pulls away whoever reads above it. */
export function Conversation({ light }: { light: 'light' | 'dark' }) {
  const { state } = usePage();
  const scroller = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  /** From asking something until one moves by oneself. Otherwise the end is what counts. */
  const asked = useRef(false);
  const moved = (): void => {
    asked.current = false;
  };
  /** What stands below the window's edge: the rest of an answer, or something that came while one reads above. */
  const [below, setBelow] = useState<'rest' | 'news' | undefined>();
  const { messages, sending, caughtUp, editing } = state;
  const last = changeable(messages);
  const empty = caughtUp && !messages.length && !sending.length;

  const toEnd = (smooth = false): void => {
    const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight, behavior: smooth && !calm ? 'smooth' : 'instant' });
  };
  /** To the end, but an answer that is longer than the window is read from its question on. */
  const follow = (): void => {
    const place = scroller.current;
    const question = asked.current ? [...(place?.querySelectorAll<HTMLElement>('.row.you') ?? [])].at(-1) : undefined;
    if (!place || !question) {
      toEnd();
      return;
    }
    const top = question.getBoundingClientRect().top - place.getBoundingClientRect().top + place.scrollTop - above;
    const end = place.scrollHeight - place.clientHeight;
    if (top >= end) toEnd();
    else {
      place.scrollTo({ top });
      setBelow(end - top >= near ? 'rest' : undefined);
    }
  };

  // what one says oneself is always looked at
  useEffect(() => {
    if (!sending.length) return;
    atEnd.current = true;
    asked.current = true;
    toEnd();
  }, [sending.length]);

  useLayoutEffect(() => {
    if (empty) scroller.current?.scrollTo({ top: 0 });
    else if (atEnd.current) follow();
    else setBelow((now) => (asked.current && now) || 'news');
  }, [messages, state.face]);

  // cards may grow after they are drawn, and the box below may take room; ended before the list goes, whose vanishing is no growth
  useLayoutEffect(() => {
    const list = scroller.current?.firstElementChild;
    if (!list) return;
    const watcher = new ResizeObserver(() => !empty && atEnd.current && follow());
    watcher.observe(list);
    watcher.observe(scroller.current!);
    return () => watcher.disconnect();
  }, [empty]);

  return (
    <div class="scroller-place">
      <div
        class="scroller"
        ref={scroller}
        // what scrolls can be scrolled with keys
        tabIndex={0}
        role="region"
        aria-label="Messages"
        onWheel={moved}
        onTouchMove={moved}
        onPointerDown={moved}
        onKeyDown={moved}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          atEnd.current = scrollHeight - scrollTop - clientHeight < near;
          if (atEnd.current) setBelow(undefined);
        }}
      >
        {empty ? (
          <Welcome />
        ) : (
          <ol class="rows" aria-busy={!caughtUp}>
            {messages.map((shown) => (
              <Row
                key={shown.id}
                shown={shown}
                light={light}
                change={editing?.id === shown.id ? 'under way' : shown === last ? 'possible' : undefined}
              />
            ))}
            {sending.map((one) => (
              <SendingRow key={one.key} sending={one} />
            ))}
          </ol>
        )}
      </div>
      {below && (
        <button
          type="button"
          class="to-end"
          onClick={() => {
            moved();
            toEnd(true);
          }}
        >
          {below === 'rest' ? 'Read on' : 'New messages'} <icons.Chevron size={16} />
        </button>
      )}
    </div>
  );
}
