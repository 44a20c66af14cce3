import type { Card } from '../../core/card.ts';
import type { Said } from '../../core/chat.ts';
import type { PlaygroundEntry } from '../../core/playground.ts';
import type { Log } from '../../log.ts';
import { renderSlack, type SlackMessage } from '../cards/slack.ts';
import { renderTeams, type TeamsMessage } from '../cards/teams.ts';
import type * as wire from './page/wire.ts';

/** Drawn by the renderers of each surface. */
export type Faces = wire.Faces<SlackMessage, TeamsMessage>;
export type Shown = wire.Shown<SlackMessage, TeamsMessage>;

export const facesOf = (said: Said): Faces => ({ slack: renderSlack(said), teams: renderTeams(said) });

/** A face that cannot draw one message must not end the stream of all of them. */
function drawn(said: Said, log: Log): Faces {
  try {
    return facesOf(said);
  } catch (error) {
    log.error({ err: error }, 'a message of the playground cannot be drawn');
    return { slack: [], teams: [] };
  }
}

export function shownOf({ id, seq, at, speaker, whisper, writing, content }: PlaygroundEntry, log: Log): Shown {
  const { said, steps = [], ...rest } = content ?? {};
  const proposalId = said && proposalIn(said.cards);
  // before the first word there is nothing that any surface would get
  const nothingYet = writing && !said?.text;
  return {
    id,
    seq: Number(seq),
    at: at.toISOString(),
    from: speaker,
    ...rest,
    ...(said && { said }),
    ...(said && !nothingYet ? drawn(said, log) : { slack: [], teams: [] }),
    ...(said?.made && { made: said.made }),
    writing,
    steps,
    whisper,
    ...(proposalId && { proposalId }),
  };
}

const proposalIn = (cards: readonly Card[]): string | undefined => {
  for (const { blocks } of cards) for (const block of blocks) if (block.type === 'approval') return block.approval.id;
  return undefined;
};
