import { createHmac } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Installation, type InstallationQuery, InstallProvider } from '@slack/oauth';
import { messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { SlackInstalls } from './installs.ts';
import { slackLogger } from './logger.ts';
import type { SlackConfig } from './settings.ts';

/** What the bot may do; the manifest declares the same. */
export const botScopes = [
  'app_mentions:read',
  'assistant:write',
  'channels:history',
  'chat:write',
  'commands',
  'files:read',
  'files:write',
  'groups:history',
  'im:history',
  'im:write',
  'mpim:history',
  'users:read',
  'users:read.email',
] as const;

/** The two pages that a browser sees when somebody installs us. */
export interface InstallPages {
  install(request: IncomingMessage, response: ServerResponse): Promise<void>;
  callback(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** The way in for many workspaces. Whoever comes back from Slack has to be the browser that left for it: state and cookie say so. */
export function installPages(
  config: SlackConfig & { client: { id: string; secret: string } },
  installs: SlackInstalls,
  log: Log,
): InstallPages {
  const { client, apiUrl, publicUrl } = config;
  const provider = new InstallProvider({
    clientId: client.id,
    clientSecret: client.secret,
    // the same in every process, and of no use for anything else
    stateSecret: createHmac('sha256', client.secret).update('sales-agent: state of an installation').digest('hex'),
    installationStore: {
      storeInstallation: (installation) => store(installation, installs),
      fetchInstallation: async (query) => (await installs.find(...tenantsOf(query)))?.slack as unknown as Installation,
      deleteInstallation: async (query) => {
        for (const tenant of tenantsOf(query)) if (tenant) await installs.revoke(tenant);
      },
    },
    ...(!apiUrl.startsWith('https://slack.com/') && { authorizationUrl: new URL('/oauth/v2/authorize', apiUrl).href }),
    clientOptions: { slackApiUrl: apiUrl, retryConfig: { retries: 0 }, timeout: 10_000 },
    renderHtmlForInstallPath: (url) =>
      page('Sales Agent for Slack', `<p><a href="${escaped(url)}">Add Sales Agent to a Slack workspace</a></p>`),
    logger: slackLogger(log),
  });
  const redirectUri = publicUrl && new URL('/slack/oauth_redirect', publicUrl).href;
  const options = { scopes: [...botScopes], ...(redirectUri && { redirectUri }) };
  return {
    install: (request, response) => provider.handleInstallPath(request, response, undefined, options),
    callback: (request, response) =>
      provider.handleCallback(request, response, {
        success: (installation, _options, _request, answer) => {
          log.info({ externalTenant: tenantOf(installation) }, 'installed in a Slack workspace');
          send(answer, 200, page('Installed', '<p>Sales Agent is in your workspace. Say hello to it in Slack.</p>'));
        },
        failure: (error, _options, _request, answer) => {
          log.warn({ err: error }, 'an installation in Slack failed');
          const status = /state|code|auth/i.test(error.code ?? '') ? 400 : 500;
          const why = /access_denied|cancelled/i.test(messageOf(error))
            ? 'It was cancelled.'
            : 'It did not work, and nothing was installed.';
          send(answer, status, page('Not installed', `<p>${why} <a href="/slack/install">Begin again</a></p>`));
        },
      }),
  };
}

const tenantOf = ({ isEnterpriseInstall, team, enterprise }: Installation): string | undefined =>
  isEnterpriseInstall ? enterprise?.id : (team?.id ?? enterprise?.id);

const tenantsOf = ({ teamId, enterpriseId, isEnterpriseInstall }: InstallationQuery<boolean>): (string | undefined)[] =>
  isEnterpriseInstall ? [enterpriseId] : [teamId, enterpriseId];

async function store(installation: Installation, installs: SlackInstalls): Promise<void> {
  const tenant = tenantOf(installation);
  if (!tenant || !installation.bot) throw new Error('Slack named no workspace, or gave no bot token');
  // tokens of people are not asked for, and would be kept for nothing
  const { user, ...rest } = installation;
  const name = installation.team?.name ?? installation.enterprise?.name ?? tenant;
  await installs.save(tenant, name, { ...rest, user: { id: user.id } });
}

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[sign]!);

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><body style="font-family:system-ui;margin:3rem">` +
  `<h1>${title}</h1>${body}</body></html>`;

function send(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
  response.end(html);
}
