import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { settings } from '../src/config.ts';
import { defaultPolicy } from '../src/core/policy.ts';
import { minRole } from '../src/tools/gate.ts';
import { tools } from '../src/tools/index.ts';
import { projectRoot } from './prisma-cli.ts';

/** The texts that are made from the code, by file. A test compares them with what is committed. */
export async function generatedDocs(): Promise<Map<string, string>> {
  const architecture = join(projectRoot, 'ARCHITECTURE.md');
  let text = await readFile(architecture, 'utf8');
  text = between(text, 'tools', toolTable());
  text = between(text, 'policy', policyTable());
  text = between(text, 'settings', settingsTable());
  return new Map([
    [join(projectRoot, '.env.example'), envExample()],
    [architecture, text],
  ]);
}

export async function writeDocs(): Promise<void> {
  for (const [file, text] of await generatedDocs()) await writeFile(file, text);
}

function between(text: string, name: string, made: string): string {
  const [open, close] = [`<!-- ${name}: made by npm run generate -->`, `<!-- /${name} -->`];
  const [start, end] = [text.indexOf(open), text.indexOf(close)];
  if (start < 0 || end < start) throw new Error(`ARCHITECTURE.md lacks the marks ${open} and ${close}`);
  return `${text.slice(0, start + open.length)}\n${made}\n${text.slice(end)}`;
}

const toolTable = (): string =>
  [
    '| tool | what | risk | least role |',
    '|---|---|---|---|',
    ...[...tools.values()].map(
      (t) =>
        `| ${t.name} | ${t.title} | ${typeof t.risk === 'function' ? 'of what it reverts' : t.risk}${t.reach === 'many' ? ', several records' : ''}${t.long ? ', a job' : ''} | ${minRole(t)} |`,
    ),
  ].join('\n');

const policyTable = (): string =>
  [
    '| | a person directly | the assistant, asked for exactly this | the assistant on its own |',
    '|---|---|---|---|',
    ...Object.entries(defaultPolicy).map(
      ([row, cells]) => `| ${row.replace('_', ', ')} | ${cells.person} | ${cells.asked} | ${cells.unasked} |`,
    ),
  ].join('\n');

const fallback = (name: keyof typeof settings): string => {
  const parsed = settings[name].schema.safeParse(undefined);
  return parsed.success && parsed.data !== undefined ? String(parsed.data) : '';
};

const names = Object.keys(settings) as (keyof typeof settings)[];

const settingsTable = (): string =>
  [
    '| variable | default | what |',
    '|---|---|---|',
    ...names.map((name) => `| \`${name}\` | ${fallback(name) && `\`${fallback(name)}\``} | ${settings[name].about} |`),
  ].join('\n');

/** Everything commented out: without a .env the defaults hold. */
function envExample(): string {
  const blocks = names.map((name) => {
    const setting: { about: string; example?: string } = settings[name];
    return `# ${setting.about}\n#${name}=${fallback(name) || (setting.example ?? '')}`;
  });
  return `# Copy to .env and uncomment what you change. Made by npm run generate from src/config.ts.\n\n${blocks.join('\n\n')}\n`;
}
