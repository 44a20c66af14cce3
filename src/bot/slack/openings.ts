import type { Role } from '../../core/actor.ts';
import type { ChatUser } from '../../core/chat.ts';
import type { SlackParts } from './parts.ts';

interface Prompt {
  title: string;
  message: string;
}

const reading: Prompt[] = [
  { title: 'Top leads', message: 'Who are my top 3 leads today?' },
  { title: 'Find a lead', message: 'Show leads in Texas with a score above 60' },
];

/** What people of a role begin with, four at the most. */
const promptsFor: Record<Role, Prompt[]> = {
  viewer: [...reading, { title: 'Why this score?', message: 'Explain the score of my best lead' }],
  rep: [
    ...reading,
    { title: 'My tasks', message: 'What are my tasks for today?' },
    { title: 'What waits for me?', message: 'What waits for my decision?' },
  ],
  manager: [
    { title: 'What waits for me?', message: 'What waits for my decision?' },
    { title: 'What did it cost?', message: 'What did models cost this month?' },
    ...reading,
  ],
  admin: [
    { title: 'What waits for me?', message: 'What waits for my decision?' },
    { title: 'What did it cost?', message: 'What did models cost this month?' },
    ...reading,
  ],
};

const forStrangers: Prompt[] = [{ title: 'What can you do?', message: 'help' }];

/** Somebody opened our conversation: shows what to begin with. */
export async function suggestPrompts(user: ChatUser, channel: string, { people, clients }: SlackParts): Promise<void> {
  const who = await people.actorOf(user);
  const prompts = 'actor' in who ? promptsFor[who.actor.role] : forStrangers;
  await clients.call(user.externalTenant, (web) =>
    web.assistant.threads.setSuggestedPrompts({ channel_id: channel, prompts, title: 'Begin with one of these' }),
  );
}

/** Somebody opened our home. */
export async function showHome(user: ChatUser, { homes, surface }: SlackParts): Promise<void> {
  await surface.home(user, await homes.sections(user));
}
