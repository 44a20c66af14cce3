/** Adaptive Cards as we draw them: version 1.5, and Teams' charts, each with something in its place for clients that lack them. */
export interface AdaptiveCardJson {
  type: 'AdaptiveCard';
  $schema: 'http://adaptivecards.io/schemas/adaptive-card.json';
  version: '1.5';
  body: CardElement[];
  /** Who gets a card of their own in place of this one, and what is asked for it. */
  refresh?: { action: ExecuteAction; userIds: string[] };
  msteams?: { width: 'Full' };
}

export type CardElement =
  | TextBlock
  | RichTextBlock
  | FactSet
  | Table
  | Container
  | ActionSet
  | TextInput
  | NumberInput
  | ChoiceInput
  | DateInput
  | TimeInput
  | ChartElement;

type Spacing = 'None' | 'Small' | 'Default' | 'Medium' | 'Large';

interface Placed {
  id?: string;
  spacing?: Spacing;
  separator?: boolean;
  isVisible?: boolean;
}

type Color = 'Default' | 'Accent' | 'Good' | 'Warning' | 'Attention';

/** Reads Markdown, so that only plain words stand in it. */
export interface TextBlock extends Placed {
  type: 'TextBlock';
  text: string;
  wrap: true;
  style?: 'heading';
  size?: 'Medium' | 'Large';
  weight?: 'Bolder';
}

/** Reads no Markdown: where untrusted text stands. */
export interface RichTextBlock extends Placed {
  type: 'RichTextBlock';
  inlines: Inline[];
  horizontalAlignment?: 'Right';
}

export type Inline = string | TextRun;

export interface TextRun {
  type: 'TextRun';
  text: string;
  weight?: 'Bolder';
  size?: 'Small' | 'Medium' | 'Large';
  color?: Color;
  isSubtle?: true;
  italic?: true;
  strikethrough?: true;
  fontType?: 'Monospace';
  selectAction?: OpenUrlAction;
}

export interface FactSet extends Placed {
  type: 'FactSet';
  facts: { title: string; value: string }[];
}

export interface Table extends Placed {
  type: 'Table';
  columns: { width: number; horizontalCellContentAlignment?: 'Right' }[];
  rows: TableRow[];
  firstRowAsHeaders: boolean;
  showGridLines: boolean;
}

export interface TableRow {
  type: 'TableRow';
  style?: 'emphasis';
  cells: { type: 'TableCell'; items: CardElement[] }[];
}

export interface Container extends Placed {
  type: 'Container';
  style?: 'emphasis' | 'accent' | 'good' | 'warning' | 'attention';
  items: CardElement[];
}

export interface ActionSet extends Placed {
  type: 'ActionSet';
  actions: CardAction[];
}

export type CardAction = ExecuteAction | OpenUrlAction | ToggleAction;

interface Pressed {
  title?: string;
  style?: 'positive' | 'destructive';
}

/** What comes back to us. `press`: what the token is about is done; `look`: whoever looks gets the card as they may see it. */
export interface ExecuteAction extends Pressed {
  type: 'Action.Execute';
  verb: 'press' | 'look';
  data: { token: string } | { proposal: string };
  associatedInputs?: 'none';
}

export interface OpenUrlAction extends Pressed {
  type: 'Action.OpenUrl';
  url: string;
}

export interface ToggleAction extends Pressed {
  type: 'Action.ToggleVisibility';
  targetElements: { elementId: string; isVisible: boolean }[];
}

interface Input extends Placed {
  id: string;
  label: string;
  isRequired?: true;
  errorMessage?: string;
}

export interface TextInput extends Input {
  type: 'Input.Text';
  value?: string;
  isMultiline?: true;
  maxLength: number;
}

export interface NumberInput extends Input {
  type: 'Input.Number';
  value?: number;
}

/** "2026-03-11". */
export interface DateInput extends Input {
  type: 'Input.Date';
  value?: string;
}

/** "09:30". */
export interface TimeInput extends Input {
  type: 'Input.Time';
  value?: string;
}

export interface ChoiceInput extends Input {
  type: 'Input.ChoiceSet';
  style: 'compact';
  value?: string;
  choices: { title: string; value: string }[];
}

/** Teams' own; other clients draw the fallback. */
export type ChartElement = Placed & { title: string; fallback: Container } & (
    | { type: 'Chart.Pie'; data: { legend: string; value: number }[] }
    | { type: 'Chart.HorizontalBar' | 'Chart.VerticalBar'; data: { x: string; y: number }[] }
    | { type: 'Chart.VerticalBar.Grouped' | 'Chart.Line'; data: { legend: string; values: { x: string; y: number }[] }[] }
  );

export const cardOf = (body: CardElement[]): AdaptiveCardJson => ({
  type: 'AdaptiveCard',
  $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
  version: '1.5',
  body,
  ...(body.some(isWide) && { msteams: { width: 'Full' as const } }),
});

/** Two columns fit anywhere. */
const isWide = (element: CardElement): boolean =>
  (element.type === 'Table' && element.columns.length > 2) || ('fallback' in element && element.fallback.items.some(isWide));
