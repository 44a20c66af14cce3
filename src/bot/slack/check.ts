import { messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { type SlackKept, slackOut } from './index.ts';
import { type SlackConfig, slackWays } from './settings.ts';

/** For the doctor: what is on, and whether Slack lets us in. Throws in our words. */
export async function checkSlack(config: SlackConfig, kept: SlackKept, around: { log: Log; now: () => Date }): Promise<string> {
  const { installs, clients } = slackOut(config, kept, around);
  const names: string[] = [];
  if (config.botToken) names.push((await clients.test(config.botToken)).team ?? 'a workspace');
  for (const { externalTenant, name } of await installs.list()) {
    if (names.includes(name)) continue;
    await clients
      .call(externalTenant, (web) => web.auth.test())
      .catch((error) => {
        throw new Error(`${name}: ${messageOf(error)}`, { cause: error });
      });
    names.push(name);
  }
  const where = names.length ? `in ${names.join(', ')}` : 'not installed anywhere yet: open /slack/install';
  return [...slackWays(config), where].join('; ');
}
