import { useMemo } from 'preact/hooks';
import { timeOf } from '../messages.ts';
import type { Shown, TeamsMessage } from '../wire.ts';
import { AdaptiveCardView } from './adaptive-card.tsx';
import { isWebAddress } from './inert.ts';
import { htmlOf } from './markdown.ts';
import { Thumbs } from './thumbs.tsx';

/** An answer as Teams draws it: bubbles with text, cards, sources, and the label of what a model wrote. */
export function TeamsFace({ shown, light }: { shown: Shown; light: 'light' | 'dark' }) {
  return (
    <div class="teams-messages">
      {shown.teams.map((message, i) => (
        // messages of one answer keep their places
        <Bubble key={i} message={message} shown={shown} light={light} first={i === 0} />
      ))}
    </div>
  );
}

function Bubble({
  message,
  shown,
  light,
  first,
}: {
  message: TeamsMessage;
  shown: Shown;
  light: 'light' | 'dark';
  first: boolean;
}) {
  const { text, card, sources = [], feedback, ai } = message;
  return (
    <div class="teams-message">
      <span class="teams-logo" aria-hidden="true">
        {first && 'SA'}
      </span>
      <div class="teams-words">
        {/* what follows from the same sender stands under the first */}
        {(first || ai) && (
          <p class="teams-head">
            {first && <span class="teams-name">Sales Agent</span>}
            {first && <time dateTime={shown.at}>{timeOf(shown.at)}</time>}
            {ai && <span class="teams-ai">AI generated</span>}
          </p>
        )}
        {text && <Markdown text={text} />}
        {card && <AdaptiveCardView card={card} light={light} messageId={shown.id} />}
        {sources.length > 0 && (
          <ol class="teams-sources" aria-label="Sources">
            {sources.map(({ title, url }) => (
              <li key={url}>
                {isWebAddress(url) ? (
                  <a href={url} target="_blank" rel="noopener noreferrer nofollow">
                    {title}
                  </a>
                ) : (
                  title
                )}
              </li>
            ))}
          </ol>
        )}
        {feedback && (
          <Thumbs
            votes={[
              { vote: 'up', token: feedback, label: 'Like' },
              { vote: 'down', token: feedback, label: 'Dislike' },
            ]}
            messageId={shown.id}
          />
        )}
      </div>
    </div>
  );
}

function Markdown({ text }: { text: string }) {
  const html = useMemo(() => htmlOf(text), [text]);
  // htmlOf escapes every sign of the text and makes its tags itself
  return <div class="teams-bubble" dangerouslySetInnerHTML={{ __html: html }} />;
}
