import { AppError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { SlackClients } from './clients.ts';
import type { SlackInstalls } from './installs.ts';

interface Out {
  clients: SlackClients;
  installs: SlackInstalls;
}

const askAgainMs = 15_000;

/** The workspace of the token in the settings is one that we are installed in. Asked until Slack answers; a token that it refuses is said once. */
export async function identify(
  token: string,
  { clients, installs }: Out,
  { log, signal }: { log: Log; signal: AbortSignal },
): Promise<void> {
  installs.expecting = true;
  while (!signal.aborted)
    try {
      await install(token, { clients, installs });
      break;
    } catch (error) {
      if (error instanceof AppError && error.code === 'misconfigured') {
        log.error({ err: error }, `Slack: ${error.message}`);
        break;
      }
      log.warn({ err: error }, 'Slack does not say yet whose token this is; it is asked again');
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, askAgainMs);
        const end = () => {
          clearTimeout(timer);
          resolve();
        };
        signal.addEventListener('abort', end, { once: true });
      });
    }
  installs.expecting = false;
}

async function install(token: string, { clients, installs }: Out): Promise<void> {
  const me = await clients.test(token);
  if (token.startsWith('xoxe.'))
    throw new AppError(
      'misconfigured',
      'SLACK_BOT_TOKEN rotates (it begins with xoxe.) and ends after twelve hours. Make the app without token rotation, or install it by /slack/install.',
    );
  const tenant = me.enterpriseInstall ? me.enterpriseId : me.teamId;
  if (!tenant || !me.userId || !me.botId)
    throw new AppError('misconfigured', 'SLACK_BOT_TOKEN is no bot token: it begins with xoxb-.');
  const known = await installs.find(tenant);
  if (known?.slack.bot.token !== token || !known.slack.ours)
    await installs.save(tenant, me.team ?? tenant, {
      bot: { token, id: me.botId, userId: me.userId, scopes: [] },
      authVersion: 'v2',
      ours: true,
    });
}
