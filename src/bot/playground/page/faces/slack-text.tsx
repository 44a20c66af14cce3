import type { SlackBlock } from '../wire.ts';
import { Signs } from './signs.tsx';

interface Text {
  type: string;
  text: string;
}

/** Whether Slack shows all of its text letter by letter. */
export const hasOnlyPlainText = ({ text, fields = [], elements = [], accessory }: SlackBlock): boolean =>
  !accessory &&
  [text, ...(fields as unknown[]), ...(elements as unknown[])].every((one) => !one || (one as Text).type === 'plain_text');

const textOf = (text: unknown): string => (text as Text | undefined)?.text ?? '';

/** A heading for the eye: those of the page itself are its own. */
export const Header = ({ block }: { block: SlackBlock }) => (
  <p class="slack-header">
    <Signs text={textOf(block['text'])} />
  </p>
);

export function Section({ block }: { block: SlackBlock }) {
  const fields = (block['fields'] ?? []) as Text[];
  return (
    <>
      {block['text'] !== undefined && (
        <p class="slack-section">
          <Signs text={textOf(block['text'])} />
        </p>
      )}
      {fields.length > 0 && (
        <ul class="slack-fields">
          {fields.map((field, i) => (
            <li key={i}>
              <Signs text={field.text} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

export const Context = ({ block }: { block: SlackBlock }) => (
  <p class="slack-context">
    <Signs text={((block['elements'] ?? []) as Text[]).map(textOf).join('  ')} />
  </p>
);
