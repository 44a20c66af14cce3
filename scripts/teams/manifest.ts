import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import AjvDraft04 from 'ajv-draft-04';

/** The app of Teams as a manifest: what people see of it before they talk to it, and what it may do. */

export interface TeamsCommand {
  /** What is said when it is picked. */
  title: string;
  description: string;
  /** Not offered where others read along. */
  personal?: true;
}

/** Picked from a list and then said as they stand: each is a sentence that is understood, without a model as well. */
export const teamsCommands: readonly TeamsCommand[] = [
  { title: 'Who should I call first?', description: 'The leads that are worth a call, best first, and why' },
  { title: 'My tasks for today', description: 'What you promised to do today', personal: true },
  { title: 'What waits for my decision?', description: 'Changes that you can approve, change or skip' },
  { title: 'Open deals', description: 'Deals that are neither won nor lost' },
  { title: 'Gold leads', description: 'The leads of the best tier' },
  { title: 'Accounts', description: 'Customers and what they are worth a month' },
  { title: 'Recent imports', description: 'Lists that were imported, and how that went', personal: true },
  { title: 'What did models cost?', description: 'What the answers cost', personal: true },
  { title: 'What can you do?', description: 'Examples of what you can say' },
];

export interface ManifestParts {
  /** The bot's, which the app shares. */
  appId: string;
  /** Where we answer, without https:// */
  host: string;
  version: string;
  /** Pages about us; the host's own page where nothing else is said. */
  website?: string;
  privacy?: string;
  terms?: string;
  /** Also hears what is said without a mention in conversations that it was added to: an owner of each agrees when it is added. */
  followsThreads?: boolean;
}

const manifestVersion = '1.19';

export function teamsManifest({ appId, host, version, website, privacy, terms, followsThreads }: ManifestParts) {
  const home = website ?? `https://${host}`;
  const commands = (which: readonly TeamsCommand[]) => which.map(({ title, description }) => ({ title, description }));
  return {
    $schema: `https://developer.microsoft.com/json-schemas/teams/v${manifestVersion}/MicrosoftTeams.schema.json`,
    manifestVersion,
    version,
    id: appId,
    developer: { name: 'Sales Agent', websiteUrl: home, privacyUrl: privacy ?? home, termsOfUseUrl: terms ?? home },
    name: { short: 'Sales Agent', full: 'Sales Agent, the assistant of your sales team' },
    description: {
      short: 'Finds, scores and follows up leads. Every change is shown to you first.',
      full: [
        'Ask about leads, deals, accounts and tasks in your own words, or send a list to import.',
        'Sales Agent tells you whom to call first and why, drafts what follows and keeps the CRM current.',
        'What changes records waits for a press of yours or can be taken back; every answer says what it cost.',
      ].join(' '),
    },
    icons: { color: 'color.png', outline: 'outline.png' },
    accentColor: '#1F3A5F',
    bots: [
      {
        botId: appId,
        scopes: ['personal', 'team', 'groupChat'],
        supportsFiles: true,
        isNotificationOnly: false,
        commandLists: [
          { scopes: ['personal'], commands: commands(teamsCommands) },
          { scopes: ['team', 'groupChat'], commands: commands(teamsCommands.filter(({ personal }) => !personal)) },
        ],
      },
    ],
    defaultInstallScope: 'personal',
    validDomains: [host],
    ...(followsThreads && {
      webApplicationInfo: { id: appId },
      authorization: {
        permissions: {
          resourceSpecific: [
            { name: 'ChannelMessage.Read.Group', type: 'Application' },
            { name: 'ChatMessage.Read.Chat', type: 'Application' },
          ],
        },
      },
    }),
  };
}

/** What Microsoft's schema of that version says against a manifest; nothing when it takes it. */
export function manifestProblems(manifest: object): string[] {
  const require = createRequire(import.meta.url);
  const folder = require.resolve('@microsoft/app-manifest/package.json').replace(/package\.json$/, 'build/json-schemas/teams/');
  const schema = JSON.parse(readFileSync(`${folder}v${manifestVersion}/MicrosoftTeams.schema.json`, 'utf8')) as object;
  const Ajv = AjvDraft04.default;
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
  if (validate(manifest)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message ?? 'is wrong'}`);
}
