import type { Card } from '../../core/card.ts';
import type { Profile } from '../../core/profile.ts';
import { formatWhen } from '../../core/when.ts';
import { findsOf, tiersInWords } from '../../tools/profiles.ts';
import { beside } from './beside.ts';
import { exitCodes, need, runCommand, UsageError } from './command.ts';
import { typedPath } from './local-file.ts';
import { readOrTell, shippedFile } from './profile-file.ts';
import {
  activate,
  call,
  type ProfilesParts,
  preview,
  type Reference,
  type Run,
  type Shown,
  save,
  versionInWords,
} from './profile-run.ts';
import { clean, shellWord } from './text.ts';

const usage = `Usage: npm run profiles                               what there is, and which one scores
       npm run -s profiles -- show [ID] > mine.yaml   a profile as YAML, to be edited; without ID the one that scores
       npm run profiles -- check FILE                 says what is wrong with a file, and where; keeps nothing
       npm run profiles -- save FILE [--note "why"]   keeps it as a new version; nothing scores by it yet
       npm run profiles -- preview ID                 how many leads would change tier, and which; changes nothing
       npm run profiles -- activate ID [--yes]        from now on it scores; can be undone

An ICP profile (ideal customer profile) says what makes a good lead: criteria with weights, where each finds its evidence, and tiers.
ID is the id of a profile for its newest version, or ID@VERSION, such as dealer@1. "show template" gives one to begin your own with.
  --note TEXT  why, for whoever reads the versions later
  --yes        activate without asking
  --help       this text

npm prints two lines of its own before a command: -s keeps them out of the file.`;

const options = { note: { type: 'string' }, yes: { type: 'boolean', default: false } } as const;

/** `npm run profiles`. */
export function profilesCommand(argv: string[], given: ProfilesParts): Promise<number> {
  const shows = argv[0] === 'show';
  const { parts, put } = shows ? beside(given) : { parts: given, put: () => undefined };
  return runCommand(argv, parts, {
    usage,
    options,
    async run({ values, words: [action = 'list', word, ...more], screen }) {
      const run: Run = { ...parts, screen };
      if (values.note !== undefined && action !== 'save') throw new UsageError('--note goes with save.');
      if (values.yes && action !== 'activate') throw new UsageError('--yes goes with activate.');
      if (more.length || (action === 'list' && word !== undefined))
        throw new UsageError(
          `"${more[0] ?? word}" is one word too many. A version is written dealer@2; a path with spaces needs quotes.`,
        );
      switch (action) {
        case 'list':
          return list(run);
        case 'show':
          return show(run, referenceOf(word), put);
        case 'check':
          return check(run, need(word, 'The file'));
        case 'save':
          return save(run, need(word, 'The file'), values.note);
        case 'preview':
          return preview(run, referenceOf(need(word, 'The ID')));
        case 'activate':
          return activate(run, referenceOf(need(word, 'The ID')), values.yes ?? false);
        default:
          throw new UsageError(`There is no "${action}" here.`);
      }
    },
  });
}

/** "dealer" or "dealer@2". */
function referenceOf(word: string | undefined): Reference {
  if (word === undefined) return {};
  const [, profile = word, version] = /^(.*)@([^@]*)$/.exec(word) ?? [];
  if (version === undefined) return { profile };
  if (!profile || !/^[1-9]\d{0,8}$/.test(version))
    throw new UsageError(`"${word}" is no version of a profile. One is written dealer@2.`);
  return { profile, version: Number(version) };
}

interface Listed {
  id: string;
  name: string;
  versions: number;
  newest: number;
  active: boolean;
  activeVersion?: number;
  updatedAt: string;
  by: string | null;
}

async function list(run: Run): Promise<number> {
  const { gate, actor, screen } = run;
  const { profiles } = await call<{ profiles: Listed[] }>(run, 'list_profiles', {});
  const when = (at: string) => formatWhen(new Date(at), gate.deps.now(), actor.timeZone);
  screen.card({
    blocks: [
      {
        type: 'table',
        columns: ['ID', 'Name', 'Versions', 'Newest', 'Scores now', 'Saved'],
        rows: profiles.map(({ id, name, versions, newest, active, activeVersion, updatedAt, by }) => [
          id,
          name,
          String(versions),
          String(newest),
          active ? `version ${activeVersion}` : '',
          by === null ? 'came with the product' : `${when(updatedAt)}, ${by}`,
        ]),
      },
    ],
  });
  screen.line(
    screen.paint.dim('To change one: npm run -s profiles -- show ID > mine.yaml, then check, save, preview, activate.'),
  );
  return exitCodes.ok;
}

async function show(run: Run, reference: Reference, put: (text: string) => void): Promise<number> {
  const shown = await call<Shown>(run, 'get_profile', reference);
  put(shippedFile(shown.id, shown.yaml) ?? shown.yaml);
  const { newest, version, active } = shown;
  const standing = [active ? 'scores now' : 'does not score', version < newest && `the newest is ${newest}`].filter(Boolean);
  run.screen.line(run.screen.paint.dim(`${versionInWords(shown)} (${standing.join('; ')})`));
  return exitCodes.ok;
}

/** Needs no database: a file can be looked at wherever it lies. */
async function check(run: Run, word: string): Promise<number> {
  const { screen, cwd = process.cwd() } = run;
  const read = await readOrTell(screen, typedPath(word, cwd));
  if (!read) return exitCodes.failed;
  screen.card(summary(read.profile));
  screen.line(
    `${screen.paint.green('✓')} ${clean(read.name)} is a profile. To keep it: npm run profiles -- save ${shellWord(word)}`,
  );
  return exitCodes.ok;
}

/** What a person sees at a glance: that it is the right one, and that each criterion looks where it should. */
const summary = ({ id, name, criteria, bonuses, tiers }: Profile): Card => ({
  title: `${name} (${id})`,
  blocks: [
    {
      type: 'bars',
      max: 100,
      bars: [
        ...criteria.map(({ label, weight, sources }) => ({
          label,
          value: Math.round(weight * 10_000) / 100,
          note: findsOf(sources).join('; '),
        })),
        ...bonuses.map(({ label, max, sources }) => ({
          label: `${label} (bonus)`,
          value: max,
          note: findsOf(sources).join('; '),
        })),
      ],
    },
    { type: 'text', text: `Weights in percent of 100. ${tiersInWords(tiers)}.` },
  ],
});
