import { useEffect, useRef, useState } from 'preact/hooks';
import { outsider } from './api.ts';
import * as icons from './icons.tsx';
import { usePage } from './store.ts';
import type { Person } from './wire.ts';

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join('');

const Avatar = ({ person }: { person: Person }) => (
  <span class={`avatar role-${person.role.replace(/\W/g, '')}`} aria-hidden="true">
    {initials(person.name)}
  </span>
);

/** Who one is, and a menu to be somebody else: what a rep, a manager or an outsider would see. */
export function People() {
  const { state, session } = usePage();
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const { me, who } = state;

  useEffect(() => {
    if (!open) return;
    const items = (): HTMLElement[] => [...(root.current?.querySelectorAll<HTMLElement>('[role="menuitemradio"]') ?? [])];
    (items().find((item) => item.getAttribute('aria-checked') === 'true') ?? items()[0])?.focus();
    const outside = (event: Event): void => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);

  if (!me || !who) return null;
  const people = me.people.some(({ handle }) => handle === outsider.handle) ? me.people : [...me.people, outsider];
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  const move = (event: KeyboardEvent): void => {
    const items = [...(root.current?.querySelectorAll<HTMLElement>('[role="menuitemradio"]') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') {
      if (event.key === 'Escape') event.preventDefault();
      event.stopPropagation();
      close();
      return;
    }
    if (to === undefined) return;
    event.preventDefault();
    items[(to + items.length) % items.length]?.focus();
  };
  const face = (
    <>
      <Avatar person={who} />
      <span class="person-words">
        <span class="person-name">{who.name}</span> <span class="person-role">{who.role}</span>
      </span>
    </>
  );
  if (!me.canSwitch) return <div class="person">{face}</div>;
  return (
    <div class="people" ref={root}>
      <button
        type="button"
        ref={button}
        id="people"
        class="person"
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {face}
        <span class="hidden">, act as somebody else</span>
        <icons.Chevron size={16} />
      </button>
      {open && (
        <div class="menu" role="menu" tabIndex={-1} aria-label="Act as" onKeyDown={move}>
          <p class="menu-title" role="presentation">
            See it as
          </p>
          {people.map((person) => (
            <button
              key={person.handle}
              type="button"
              role="menuitemradio"
              aria-checked={person.handle === who.handle}
              tabIndex={-1}
              onClick={() => {
                close();
                if (person.handle !== who.handle) session.actAs(person);
              }}
            >
              <Avatar person={person} />
              <span class="person-words">
                <span class="person-name">{person.name}</span>
                <span class="person-role">{person.role}</span>
              </span>
              {person.handle === who.handle && <icons.Check size={16} />}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
