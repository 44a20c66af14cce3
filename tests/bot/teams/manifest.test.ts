import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromBuffer } from 'yauzl';
import { manifestProblems, teamsCommands, teamsManifest } from '../../../scripts/teams/manifest.ts';
import { createOffline } from '../../../src/llm/offline/provider.ts';
import { judge, type Phrasing } from '../../llm/phrasing-judge.ts';

const parts = { appId: '11111111-2222-4333-8444-555555555555', host: 'sales.example.com', version: '0.1.0' };

describe('the manifest of the Teams app', () => {
  const manifest = teamsManifest(parts);

  it('is one that Microsoft’s own schema takes, whether it follows threads or not', () => {
    expect(manifestProblems(manifest)).toEqual([]);
    expect(manifestProblems(teamsManifest({ ...parts, followsThreads: true, privacy: 'https://a.example/privacy' }))).toEqual([]);
  });

  it('would be refused with a field that Microsoft does not know, a name too long or an id that is none', () => {
    expect(manifestProblems({ ...manifest, magic: true })).not.toEqual([]);
    expect(manifestProblems({ ...manifest, name: { short: 'x'.repeat(31), full: 'x' } })).not.toEqual([]);
    expect(manifestProblems({ ...manifest, id: 'sales-agent' })).not.toEqual([]);
  });

  it('is for people, teams and groups, takes files, and offers ten commands at the most in each', () => {
    const [bot] = manifest.bots;
    expect(bot!.scopes).toEqual(['personal', 'team', 'groupChat']);
    expect(bot!.supportsFiles).toBe(true);
    expect(bot!.commandLists.flatMap(({ scopes }) => scopes)).toEqual(bot!.scopes);
    for (const { commands } of bot!.commandLists) {
      expect(commands.length).toBeGreaterThan(3);
      expect(commands.length).toBeLessThanOrEqual(10);
      for (const { title, description } of commands) {
        expect(title.length).toBeLessThanOrEqual(32);
        expect(description.length).toBeLessThanOrEqual(128);
      }
    }
  });

  it('asks for what is said without a mention only when it is told to', () => {
    expect(manifest).not.toHaveProperty('authorization');
    expect(JSON.stringify(teamsManifest({ ...parts, followsThreads: true }))).toContain('ChannelMessage.Read.Group');
  });
});

/** What each command comes to, without a model. */
const understood: Record<string, Phrasing['expect']> = {
  'Who should I call first?': { tool: 'top_leads' },
  'My tasks for today': { tool: 'list_tasks', input: { due: 'today' } },
  'What waits for my decision?': { tool: 'list_pending' },
  'Open deals': { tool: 'list_deals', input: { open: true } },
  'Gold leads': { tool: 'search_leads', input: { tier: ['GOLD'] } },
  Accounts: { tool: 'list_accounts' },
  'Recent imports': { tool: 'list_imports' },
  'What did models cost?': { tool: 'get_costs' },
  'What can you do?': { says: 'who should I call first' },
};

describe('a command of the Teams app', () => {
  it.each(teamsCommands.map(({ title }) => title))('is understood as it stands: %s', async (title) => {
    const verdict = await judge(createOffline(), { family: 'commands', say: title, expect: understood[title]! });
    expect(verdict).toMatchObject({ ok: true, wroteUnasked: false });
  });
});

describe('npm run teams:package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'teams-package-'));
  const file = join(folder, 'app.zip');
  const run = async (...args: string[]) => {
    const { INIT_CWD: _npm, TEAMS_APP_ID: _id, PUBLIC_URL: _url, ...env } = process.env;
    return promisify(execFile)(process.execPath, ['--import', 'tsx', 'scripts/teams/package.ts', ...args], { env });
  };
  let files: Map<string, Buffer>;

  beforeAll(async () => {
    await run('--app-id', parts.appId, '--host', 'https://sales.example.com/', '--out', file);
    files = await unzipped(readFileSync(file));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('writes the manifest and both icons, and nothing else', () => {
    expect([...files.keys()]).toEqual(['manifest.json', 'color.png', 'outline.png']);
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(JSON.parse(files.get('manifest.json')!.toString())).toEqual(teamsManifest({ ...parts, version }));
  });

  it('draws the icon in colour on a full square, and the other in white on nothing', () => {
    const color = pixels(files.get('color.png')!);
    expect([color.width, color.height]).toEqual([192, 192]);
    expect(color.all.every(([, , , alpha]) => alpha === 255)).toBe(true);
    expect(color.all[0]).toEqual([0x1f, 0x3a, 0x5f, 255]);
    expect(new Set(color.all.map(String)).size).toBeGreaterThan(4);

    const outline = pixels(files.get('outline.png')!);
    expect([outline.width, outline.height]).toEqual([32, 32]);
    expect(outline.all.filter(([r, g, b, alpha]) => alpha! > 0 && (r !== 255 || g !== 255 || b !== 255))).toEqual([]);
    const drawn = outline.all.filter(([, , , alpha]) => alpha === 255).length;
    expect(drawn).toBeGreaterThan(100);
    expect(drawn).toBeLessThan(32 * 32 * 0.5);
  });

  it('writes the same bytes for the same app', async () => {
    const again = join(folder, 'again.zip');
    await run('--app-id', parts.appId, '--host', parts.host, '--out', again);
    expect(readFileSync(again).equals(readFileSync(file))).toBe(true);
  });

  it('writes nothing that Teams would not take, and says what is wrong', async () => {
    const out = join(folder, 'bad.zip');
    await expect(run('--app-id', 'nope', '--host', parts.host, '--out', out)).rejects.toThrow('/id must match pattern');
    await expect(run('--host', parts.host, '--out', out)).rejects.toThrow('--app-id, or set TEAMS_APP_ID');
    await expect(run('--app-id', parts.appId, '--host', '::', '--out', out)).rejects.toThrow(':: is no host.');
    expect(() => readFileSync(out)).toThrow('ENOENT');
  });
});

async function unzipped(archive: Buffer): Promise<Map<string, Buffer>> {
  const zip = await promisify<Buffer, { lazyEntries: boolean; validateEntrySizes: boolean }, import('yauzl').ZipFile>(fromBuffer)(
    archive,
    {
      lazyEntries: true,
      validateEntrySizes: true,
    },
  );
  const files = new Map<string, Buffer>();
  await new Promise<void>((done, failed) => {
    zip.on('error', failed).on('end', done);
    zip.on('entry', (entry: import('yauzl').Entry) => {
      zip.openReadStream(entry, async (error, stream) => {
        if (error) return failed(error);
        files.set(entry.fileName, Buffer.concat(await stream.toArray()));
        zip.readEntry();
      });
    });
    zip.readEntry();
  });
  return files;
}

/** The dots of a PNG of eight bits a colour with transparency, as red, green, blue and opacity. */
function pixels(png: Buffer): { width: number; height: number; all: number[][] } {
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  expect([...png.subarray(24, 29)], 'eight bits, red, green, blue and opacity, no interlacing').toEqual([8, 6, 0, 0, 0]);
  const data: Buffer[] = [];
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12)
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const raw = inflateSync(Buffer.concat(data));
  const stride = width * 4;
  let above = Buffer.alloc(stride);
  const all: number[][] = [];
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)]!;
    const row = Buffer.from(raw.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1)));
    for (let i = 0; i < stride; i++) {
      const [left, up, corner] = [i >= 4 ? row[i - 4]! : 0, above[i]!, i >= 4 ? above[i - 4]! : 0];
      const guess = left + up - corner;
      const [dl, du, dc] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
      const paeth = dl <= du && dl <= dc ? left : du <= dc ? up : corner;
      row[i] = (row[i]! + [0, left, up, (left + up) >> 1, paeth][filter]!) & 255;
    }
    for (let i = 0; i < stride; i += 4) all.push([...row.subarray(i, i + 4)]);
    above = row;
  }
  return { width, height, all };
}
