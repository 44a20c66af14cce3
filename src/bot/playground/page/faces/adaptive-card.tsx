import {
  type Action,
  AdaptiveCard,
  CardElement,
  CardObjectRegistry,
  ExecuteAction,
  GlobalRegistry,
  HostConfig,
  OpenUrlAction,
  SerializationContext,
  SubmitAction,
  Table,
  Versions,
} from 'adaptivecards';
import { render } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { usePage } from '../store.ts';
import { ChartPicture, teamsChart } from './chart.tsx';
import { inert, isWebAddress } from './inert.ts';
import { htmlOf } from './markdown.ts';
import { drawSigns } from './signs.tsx';
import { hostConfig } from './teams-host.ts';

AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = htmlOf(text);
  result.didProcess = true;
};

/** A chart of Teams' own, which the library does not know. */
const chartElement = (type: string) =>
  class extends CardElement {
    #json: Record<string, unknown> = {};

    getJsonTypeName(): string {
      return type;
    }

    protected override internalParse(source: Record<string, unknown>, context: SerializationContext): void {
      super.internalParse(source, context);
      this.#json = source;
    }

    protected override internalRender(): HTMLElement {
      const place = document.createElement('div');
      render(<ChartPicture chart={teamsChart(this.#json)} />, place);
      return place;
    }
  };

const elements = new CardObjectRegistry<CardElement>();
GlobalRegistry.populateWithDefaultElements(elements);
// the library adds it by itself only where nothing of it is left out of a bundle
elements.register('Table', Table, Versions.v1_5);
for (const name of ['Pie', 'Donut', 'HorizontalBar', 'VerticalBar', 'VerticalBar.Grouped', 'Line'])
  elements.register(`Chart.${name}`, chartElement(`Chart.${name}`), Versions.v1_5);

/** A card as Teams draws it. */
export function AdaptiveCardView({
  card,
  light,
  messageId,
}: {
  card: Record<string, unknown>;
  light: 'light' | 'dark';
  messageId: string;
}) {
  const place = useRef<HTMLDivElement>(null);
  const { session, store } = usePage();
  const text = JSON.stringify(card);

  // before the next frame, so that nothing jumps
  useLayoutEffect(() => {
    const drawn = new AdaptiveCard();
    drawn.hostConfig = new HostConfig(hostConfig(light));
    drawn.onExecuteAction = (action) => executed(action, (token, values) => void session.press({ token, values, messageId }));
    const context = new SerializationContext(Versions.v1_5);
    context.setElementRegistry(elements);
    drawn.parse(inert(JSON.parse(text)), context);
    const html = drawn.render();
    const around = place.current!;
    around.replaceChildren(html ?? 'This card cannot be drawn.');
    scrollable(around, html !== undefined && isWide(html));
  }, [text, light, messageId, session]);

  // a press that is under way is seen on its button
  useEffect(() => store.watch(({ pressing }) => place.current?.classList.toggle('busy', pressing.size > 0)), [store]);

  return <div class="teams-card" ref={place} />;
}

function executed(action: Action, press: (token: string, values: Record<string, string>) => void): void {
  if (action instanceof OpenUrlAction) {
    if (isWebAddress(action.url)) window.open(action.url, '_blank', 'noopener,noreferrer');
  } else if (action instanceof SubmitAction || action instanceof ExecuteAction) {
    const { token, ...values } = (action.data ?? {}) as Record<string, unknown>;
    if (typeof token === 'string')
      press(token, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value ?? '')])));
  }
}

/** As many columns as fit beside one another in a narrow card; more are scrolled, with keys too. */
const fewColumns = 3;
/** A letter, a capital letter, and what lies between two columns. */
const [letterPx, capitalPx, gapPx] = [7.6, 9.8, 16];

/** So that no column breaks a word, as the columns share the width; a word may still be as long as nobody reads. */
function widthOf(table: HTMLElement): number {
  const rows = [...table.querySelectorAll('[role="row"]')].map((row) => [...row.children] as HTMLElement[]);
  const [shares = [], ...more] = rows.map((cells) => cells.map((cell) => Number.parseFloat(cell.style.flexBasis) / 100 || 1));
  const wordPx = (word: string): number =>
    (word.match(/\p{Lu}/gu)?.length ?? 0) * (capitalPx - letterPx) + word.length * letterPx;
  const needs = shares.map((share, i) => {
    const words = rows.flatMap((cells) => (cells[i]?.textContent ?? '').split(/\s+/));
    return (Math.min(160, Math.max(...words.map(wordPx))) + gapPx) / share;
  });
  return more.length ? Math.min(1000, Math.max(...needs)) : 0;
}

/** Draws what the browser would draw otherwise, and whether the card is wider than what it stands in may be. */
function isWide(html: HTMLElement): boolean {
  // the library makes every card a stop of the tab key, which does nothing there
  html.removeAttribute('tabindex');
  drawSigns(html);
  let wide = false;
  for (const table of html.querySelectorAll<HTMLElement>('[role="table"]')) {
    const columns = table.querySelector('[role="row"]')?.childElementCount ?? 0;
    if (columns <= fewColumns) continue;
    table.style.minWidth = `${Math.round(widthOf(table))}px`;
    wide = true;
  }
  return wide;
}

/** What scrolls can be scrolled with keys, and is seen to have the focus. */
function scrollable(around: HTMLElement, wide: boolean): void {
  if (wide) {
    around.tabIndex = 0;
    around.setAttribute('role', 'group');
    around.setAttribute('aria-label', 'Card');
  } else for (const name of ['tabindex', 'role', 'aria-label']) around.removeAttribute(name);
}
