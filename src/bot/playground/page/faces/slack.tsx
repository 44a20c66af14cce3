import type { ComponentChildren } from 'preact';
import { type Block, Message } from 'slack-blocks-to-jsx';
import { timeOf } from '../messages.ts';
import { pressButton } from '../press.ts';
import { usePage } from '../store.ts';
import type { Shown, SlackBlock } from '../wire.ts';
import { ChartPicture, slackChart } from './chart.tsx';
import { inert, isWebAddress } from './inert.ts';
import { Plan, TaskCard } from './slack-plan.tsx';
import { DataTable, PlainTable } from './slack-tables.tsx';
import { Context, Header, hasOnlyPlainText, Section } from './slack-text.tsx';
import { Feedback } from './thumbs.tsx';

/** An answer as Slack draws it: who said it, and its blocks. */
export function SlackFace({ shown, light }: { shown: Shown; light: 'light' | 'dark' }) {
  return (
    <div class="slack-messages">
      {shown.slack.map((message, i) => (
        // messages of one answer keep their places
        <div class="slack-message" key={i}>
          <span class="slack-logo" aria-hidden="true">
            {i === 0 && <Robot />}
          </span>
          <div class="slack-words">
            {/* what follows from the same sender stands under the first */}
            {i === 0 && (
              <p class="slack-head">
                <strong>Sales Agent</strong> <span class="slack-app">APP</span>{' '}
                <time dateTime={shown.at}>{timeOf(shown.at)}</time>
              </p>
            )}
            <SlackBlocks blocks={message.blocks} light={light} messageId={shown.id} />
          </div>
        </div>
      ))}
    </div>
  );
}

const Robot = () => (
  <svg width="22" height="22" viewBox="0 0 28 28" aria-hidden="true">
    <path
      d="m8 14.200 4.200 4.200L20.500 9.800"
      fill="none"
      stroke="currentColor"
      stroke-width="3"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  </svg>
);

/**
 * Blocks in order. Drawn here are those that the library lacks, those that it draws without a way to press them, and those with plain text: it
 * looks for formatting and links in that, where Slack does not.
 */
function SlackBlocks({ blocks, light, messageId }: { blocks: SlackBlock[]; light: 'light' | 'dark'; messageId: string }) {
  const parts: ComponentChildren[] = [];
  let run: SlackBlock[] = [];
  const close = (): void => {
    if (run.length)
      parts.push(
        <Message
          key={parts.length}
          blocks={run as unknown as Block[]}
          name=""
          logo=""
          theme={light}
          withoutWrapper
          hooks={{ link: Link }}
        />,
      );
    run = [];
  };
  for (const block of inert(blocks)) {
    const own = drawn(block, messageId);
    if (own === undefined) run.push(block);
    else {
      close();
      parts.push(<div key={parts.length}>{own}</div>);
    }
  }
  close();
  return <div class="slack-blocks">{parts}</div>;
}

const Link = ({ href, children, className }: { href: string; children: ComponentChildren; className?: string }) =>
  isWebAddress(href) ? (
    <a href={href} class={className} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  ) : (
    <span>{children}</span>
  );

function drawn(block: SlackBlock, messageId: string): ComponentChildren | undefined {
  switch (block.type) {
    case 'actions':
      return <Actions elements={(block['elements'] ?? []) as Element[]} messageId={messageId} />;
    case 'context_actions':
      return <Feedback block={block} messageId={messageId} />;
    case 'data_visualization':
      return <ChartPicture chart={slackChart(block)} />;
    case 'data_table':
      return <DataTable block={block} />;
    case 'table':
      return <PlainTable block={block} />;
    case 'plan':
      return <Plan block={block} />;
    case 'task_card':
      return <TaskCard block={block} />;
    case 'header':
      return <Header block={block} />;
    case 'section':
      return hasOnlyPlainText(block) ? <Section block={block} /> : undefined;
    case 'context':
      return hasOnlyPlainText(block) ? <Context block={block} /> : undefined;
    case 'image':
      return block['image_url'] ? undefined : <p class="slack-picture">{String(block['alt_text'] ?? 'A picture')}</p>;
    default:
      return undefined;
  }
}

interface Element {
  type: string;
  action_id?: string;
  text?: { text: string };
  value?: string;
  style?: string;
  url?: string;
  accessibility_label?: string;
  confirm?: { title: { text: string }; text: { text: string }; confirm: { text: string }; style?: string };
}

function Actions({ elements, messageId }: { elements: Element[]; messageId: string }) {
  const { state, store, session } = usePage();
  return (
    <div class="slack-actions">
      {elements.map(({ type, text, value = '', style, url, confirm, accessibility_label }, i) => {
        if (type !== 'button') return null;
        const label = text?.text ?? '';
        const look = `slack-button ${style ?? ''}`;
        if (url)
          return (
            <a key={value || i} class={look} href={url} target="_blank" rel="noopener noreferrer nofollow">
              {label}
            </a>
          );
        const token = /^(?:up|down)\.(.+)$/.exec(value);
        const press = token ? { token: token[1]!, values: { vote: value.split('.')[0]! } } : { token: value };
        return (
          <button
            key={value || i}
            type="button"
            class={look}
            aria-label={accessibility_label}
            aria-disabled={state.pressing.has(press.token)}
            onClick={() =>
              pressButton(
                { store, session },
                {
                  ...press,
                  messageId,
                  danger: style === 'danger',
                  ...(confirm && { confirm: { title: confirm.title.text, text: confirm.text.text, ok: confirm.confirm.text } }),
                },
              )
            }
          >
            {label}
          </button>
        );
      })}
    </div>
  );
}
