import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { callerFolder, loadConfig } from '../../src/config.ts';
import { drawIcons } from './icons.ts';
import { manifestProblems, teamsManifest } from './manifest.ts';
import { zip } from './zip.ts';

/*
 * npm run teams:package -- [--app-id ID] [--host HOST] [--out FILE] [--website URL] [--privacy URL] [--terms URL] [--follow-threads]
 *
 * Writes the app that Teams takes under Apps, Manage your apps, Upload an app. The id is TEAMS_APP_ID and the host that of PUBLIC_URL
 * unless they are named. With --follow-threads it also hears answers in its threads that do not mention it, where an owner agrees.
 */

const usage =
  'Usage: npm run teams:package -- [--app-id ID] [--host HOST] [--out FILE] [--website URL] [--privacy URL] [--terms URL] [--follow-threads]';

try {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      ...{ 'app-id': text, host: text, out: text, website: text, privacy: text, terms: text },
      'follow-threads': { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) say(usage);
  else await write(values);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function write(values: Record<string, string | boolean | undefined>): Promise<void> {
  const named = (name: string): string | undefined => (typeof values[name] === 'string' ? values[name] : undefined);
  const config = loadConfig();
  const appId = named('app-id') ?? config.TEAMS_APP_ID;
  const host = hostOf(named('host') ?? config.PUBLIC_URL);
  if (!appId || !host) throw new Error(`Say ${appId ? '--host, or set PUBLIC_URL' : '--app-id, or set TEAMS_APP_ID'}.\n${usage}`);
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  const manifest = teamsManifest({
    ...{ appId, host, version, website: named('website'), privacy: named('privacy'), terms: named('terms') },
    followsThreads: values['follow-threads'] === true,
  });
  const problems = manifestProblems(manifest);
  if (problems.length) throw new Error(`Teams would not take this manifest:\n  ${problems.join('\n  ')}`);
  const icons = await drawIcons();
  const file = resolve(callerFolder, named('out') ?? 'sales-agent-teams.zip');
  const content = zip([
    { name: 'manifest.json', content: Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`) },
    { name: manifest.icons.color, content: icons.color },
    { name: manifest.icons.outline, content: icons.outline },
  ]);
  writeFileSync(file, content);
  say(
    `Wrote ${file}. Upload it in Teams: Apps, Manage your apps, Upload an app. The bot answers at https://${host}/api/messages.`,
  );
}

/** "https://sales.example/" and "sales.example" are the same place. */
function hostOf(place: string | undefined): string | undefined {
  if (!place) return undefined;
  const address = /^https?:\/\//i.test(place) ? place : `https://${place}`;
  if (!URL.canParse(address)) throw new Error(`${place} is no host.`);
  return new URL(address).host;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
