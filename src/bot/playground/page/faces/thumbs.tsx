import { useState } from 'preact/hooks';
import * as icons from '../icons.tsx';
import { usePage } from '../store.ts';
import type { SlackBlock } from '../wire.ts';

interface Thumb {
  value: string;
  text?: { text: string };
  accessibility_label?: string;
}

/** Thumbs under an answer. */
export function Feedback({ block, messageId }: { block: SlackBlock; messageId: string }) {
  const elements = (block['elements'] ?? []) as { type: string; positive_button?: Thumb; negative_button?: Thumb }[];
  const one = elements.find(({ type }) => type === 'feedback_buttons');
  const votes = [one?.positive_button, one?.negative_button].flatMap((button) => {
    const found = /^(up|down)\.(.+)$/.exec(button?.value ?? '');
    return found
      ? [{ vote: found[1] as 'up' | 'down', token: found[2]!, label: button?.accessibility_label ?? button?.text?.text ?? '' }]
      : [];
  });
  return <Thumbs votes={votes} messageId={messageId} />;
}

export function Thumbs({
  votes,
  messageId,
}: {
  votes: { vote: 'up' | 'down'; token: string; label: string }[];
  messageId: string;
}) {
  const { session } = usePage();
  const [given, setGiven] = useState<string>();
  return (
    <div class="thumbs">
      {votes.map(({ vote, token, label }) => (
        <button
          key={vote}
          type="button"
          class="thumb"
          aria-label={label}
          title={label}
          aria-pressed={given === vote}
          onClick={() => {
            setGiven(vote);
            void session.press({ token, values: { vote }, messageId });
          }}
        >
          {vote === 'up' ? <icons.ThumbUp size={16} /> : <icons.ThumbDown size={16} />}
        </button>
      ))}
    </div>
  );
}
