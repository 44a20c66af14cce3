import { activeMarkdown, hiddenSigns } from './signs.ts';
import { limits } from './teams-limits.ts';
import { bytesOf } from './teams-text.ts';
import { tokenShape } from './token-shape.ts';
import { walk } from './walk.ts';

/** Something that Teams would refuse, or that would act although it is only to be shown. */
export interface TeamsProblem {
  path: string;
  rule: string;
  limit: number;
  actual: number;
}

type Json = Record<string, unknown>;

/** A message: what Teams would refuse or not draw, and what in it could mention, link or fetch without anybody having meant it. */
export function lintTeams(message: {
  text?: string;
  card?: unknown;
  summary: string;
  sources?: { title: string; url: string }[];
}): TeamsProblem[] {
  const lint = new Lint();
  const { text, card, summary, sources = [] } = message;
  lint.least('', 'said', (text?.trim() ? 1 : 0) + (card ? 1 : 0), 1);
  lint.most('', 'message', bytesOf({ text, card, sources }), limits.message);
  lint.shown('summary', summary, limits.summary);
  if (text !== undefined) {
    lint.shown('text', text, limits.text + 200);
    lint.most('text', 'active', activeMarkdown(text) + tagsIn(text), 0);
  }
  lint.most('sources', 'sources', sources.length, limits.citations);
  for (const [i, { title, url }] of sources.entries()) {
    lint.shown(`sources[${i}].title`, title, limits.heading);
    lint.address(`sources[${i}].url`, url);
  }
  if (card) lintInto(lint, card as Json);
  return lint.problems;
}

/** A card that stands alone: a form, or what answers a press. */
export function lintTeamsCard(card: unknown): TeamsProblem[] {
  const lint = new Lint();
  lintInto(lint, card as Json);
  return lint.problems;
}

class Lint {
  readonly problems: TeamsProblem[] = [];

  most(path: string, rule: string, actual: number, limit: number): void {
    if (actual > limit) this.problems.push({ path, rule, limit, actual });
  }

  least(path: string, rule: string, actual: number, limit: number): void {
    if (actual < limit) this.problems.push({ path, rule: `${rule}_min`, limit, actual });
  }

  /** A text that a person reads: there, not too long, and without anything unseen in it. */
  shown(path: string, value: unknown, limit: number): void {
    const text = typeof value === 'string' ? value : '';
    this.most(path, 'length', text.length, limit);
    this.least(path, 'length', text.trim().length, 1);
    this.most(path, 'hidden', text.match(hiddenSigns)?.length ?? 0, 0);
    this.most(path, 'broken_letter', text.isWellFormed() ? 0 : 1, 0);
  }

  address(path: string, value: unknown): void {
    const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
    this.most(path, 'url', String(value).length, limits.url);
    this.most(path, 'active', url && /^https?:$/.test(url.protocol) && !url.username && !url.password ? 0 : 1, 0);
  }
}

const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);

/** Mentions and whatever HTML a text could hold. */
const tagsIn = (text: string): number => text.match(/<\/?[a-z]/gi)?.length ?? 0;

/** Signs that Markdown gives a meaning to, addresses that clients find by themselves, and dates that cards write by themselves. */
const markdownSigns = /[*_`[\]<>#~\\|]|&#?\w+;|:\/\/|\bwww\.|\{\{|^\s*(?:[-+]|\p{N}+[.)])\s|^\s{4}|^[-=]{2,}/gimu;

function lintInto(lint: Lint, card: Json): void {
  lint.most('card', 'message', bytesOf(card), limits.message);
  lint.most('card.type', 'type', card.type === 'AdaptiveCard' ? 0 : 1, 0);
  lint.most('card.version', 'version', card.version === '1.5' ? 0 : 1, 0);
  lint.least('card.body', 'elements', list(card.body).length, 1);
  const { refresh, msteams } = card as { refresh?: Json; msteams?: Json };
  // names to mention stand there as well
  lint.most('card.msteams', 'msteams', Object.keys(msteams ?? {}).filter((key) => key !== 'width').length, 0);
  if (refresh) {
    lint.most('card.refresh.userIds', 'users', list(refresh.userIds).length, limits.refreshed);
    lint.least('card.refresh.userIds', 'users', list(refresh.userIds).length, 1);
    lintAction(lint, 'card.refresh.action', refresh.action as Json, true);
  }
  const ids: unknown[] = [];
  const named: [string, unknown][] = [];
  for (const { path, key, value, parent } of walk(card, 'card')) {
    if (typeof value === 'string' && shownKeys.has(key)) lintText(lint, path, value, parent);
    if (key === 'id') ids.push(value);
    if (key === 'elementId') named.push([path, value]);
    if (key === 'url') lint.address(path, value);
    if (key === 'selectAction') lintAction(lint, path, value as Json, true);
    if (key === 'inlines') lintInlines(lint, path, value);
    if (elementLists.has(key) || key === 'fallback')
      for (const [i, element] of (key === 'fallback' ? [value as Json] : list(value)).entries())
        lintElement(lint, `${path}[${i}]`, element);
  }
  lint.most('card', 'id_twice', ids.length - new Set(ids).size, 0);
  for (const [path, id] of named) lint.most(path, 'unknown_id', ids.includes(id) ? 0 : 1, 0);
}

const elementLists = new Set(['body', 'items']);
/** Texts that a reader sees, or that are read out. What stands in an input stays as it is. */
const shownKeys = new Set(['text', 'title', 'value', 'label', 'legend', 'x', 'errorMessage', 'placeholder', 'altText']);

function lintText(lint: Lint, path: string, text: string, parent: Json): void {
  if (typeof parent.type === 'string' && parent.type.startsWith('Input.') && path.endsWith('.value')) return;
  if (/\.choices\[\d+\]\.value$/.test(path)) return;
  lint.most(path, 'hidden', text.match(hiddenSigns)?.length ?? 0, 0);
  lint.most(path, 'broken_letter', text.isWellFormed() ? 0 : 1, 0);
  lint.most(path, 'active', tagsIn(text) + (text.includes('{{') ? 1 : 0), 0);
}

function lintInlines(lint: Lint, path: string, value: unknown): void {
  const inlines = (Array.isArray(value) ? value : []) as (string | Json)[];
  const texts = inlines.map((one) => (typeof one === 'string' ? one : String(one.text ?? '')));
  lint.least(path, 'length', texts.join('').trim().length, 1);
  for (const [i, text] of texts.entries()) {
    lint.least(`${path}[${i}]`, 'length', text.length, 1);
    lintText(lint, `${path}[${i}]`, text, {});
  }
}

type Check = (lint: Lint, path: string, element: Json) => void;

/** Every kind of element that we draw; another one is a mistake. */
const checks: Record<string, Check> = {
  TextBlock: (lint, path, { text }) => lintWords(lint, `${path}.text`, text),
  RichTextBlock: (lint, path, { inlines }) => lint.least(`${path}.inlines`, 'inlines', list(inlines).length, 1),
  FactSet(lint, path, { facts }) {
    lint.least(`${path}.facts`, 'facts', list(facts).length, 1);
    for (const [i, { title, value }] of list(facts).entries()) {
      lintWords(lint, `${path}.facts[${i}].title`, title);
      lintWords(lint, `${path}.facts[${i}].value`, value);
    }
  },
  Table(lint, path, { columns, rows }) {
    const widths = new Set([list(columns).length, ...list(rows).map(({ cells }) => list(cells).length)]);
    lint.most(path, 'ragged', widths.size, 1);
    lint.most(path, 'columns', list(columns).length, limits.tableColumns);
    lint.most(path, 'rows', list(rows).length, limits.tableRows + 1);
    lint.least(path, 'rows', list(rows).length, 1);
  },
  Container: (lint, path, { items }) => lint.least(`${path}.items`, 'elements', list(items).length, 1),
  ActionSet(lint, path, { actions }) {
    lint.most(path, 'actions', list(actions).length, limits.actions);
    lint.least(path, 'actions', list(actions).length, 1);
    for (const [i, action] of list(actions).entries()) lintAction(lint, `${path}.actions[${i}]`, action);
  },
  'Input.Text': (lint, path, input) => lintInput(lint, path, input),
  'Input.Number': (lint, path, input) => lintInput(lint, path, input),
  'Input.Date': (lint, path, input) => lintInput(lint, path, input),
  'Input.Time': (lint, path, input) => lintInput(lint, path, input),
  'Input.ChoiceSet'(lint, path, input) {
    lintInput(lint, path, input);
    lint.most(path, 'choices', list(input.choices).length, limits.choices);
    lint.least(path, 'choices', list(input.choices).length, 1);
  },
};
for (const kind of ['Pie', 'HorizontalBar', 'VerticalBar', 'VerticalBar.Grouped', 'Line']) checks[`Chart.${kind}`] = lintChart;

function lintElement(lint: Lint, path: string, element: Json): void {
  const check = checks[element.type as string];
  if (check) check(lint, path, element);
  else lint.problems.push({ path, rule: 'unknown_element', limit: 0, actual: 1 });
}

/** A text that is read as Markdown. */
function lintWords(lint: Lint, path: string, value: unknown): void {
  lint.shown(path, value, limits.element);
  lint.most(path, 'active', String(value).match(markdownSigns)?.length ?? 0, 0);
}

function lintInput(lint: Lint, path: string, { id, label, value, maxLength }: Json): void {
  lint.least(`${path}.id`, 'id', String(id ?? '').length, 1);
  lint.shown(`${path}.label`, label, limits.heading);
  if (typeof value === 'string' && typeof maxLength === 'number') lint.most(`${path}.value`, 'value', value.length, maxLength);
}

function lintAction(lint: Lint, path: string, action: Json, untitled = false): void {
  const { type, title, verb, data } = action;
  if (!untitled) lint.shown(`${path}.title`, title, limits.button);
  if (type === 'Action.OpenUrl' || type === 'Action.ToggleVisibility') return;
  if (type !== 'Action.Execute') lint.problems.push({ path, rule: 'unknown_action', limit: 0, actual: 1 });
  const known = { press: 'token', look: 'proposal' }[verb as string];
  const [name, token, ...more] = Object.entries((data ?? {}) as Json).flat();
  lint.most(path, 'data', known && name === known && !more.length && tokenShape.test(String(token)) ? 0 : 1, 0);
}

function lintChart(lint: Lint, path: string, { title, data, fallback }: Json): void {
  lint.shown(`${path}.title`, title, limits.heading);
  lint.least(`${path}.fallback`, 'fallback', fallback ? 1 : 0, 1);
  lint.least(`${path}.data`, 'series', list(data).length, 1);
  const points = list(data).flatMap((one) => (Array.isArray(one.values) ? list(one.values) : [one]));
  for (const { x, y, legend, value } of points) {
    lint.shown(`${path}.data`, x ?? legend, limits.chartLabel * 4);
    lint.most(`${path}.data`, 'figure', Number.isFinite(y ?? value) ? 0 : 1, 0);
  }
}
