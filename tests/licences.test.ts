import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const allowed = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Apache-2.0',
  'MPL-2.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'CC-BY-4.0',
  'Python-2.0',
  'Unlicense',
  'PostgreSQL',
  'Zlib',
  'WTFPL',
]);

interface Locked {
  version?: string;
  license?: string | { type?: string };
  link?: boolean;
  dev?: boolean;
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> };

/** Packages whose own file names no licence, with the one their LICENSE file holds. */
const readByHand: Record<string, string> = { 'seq-queue@0.0.5': 'MIT' };

/** "(MIT OR GPL-3.0)": one permissive choice is enough; "AND" needs all. */
function permissive(expression: string): boolean {
  const text = expression.replace(/[()]/g, '').trim();
  if (text.includes(' OR ')) return text.split(' OR ').some(permissive);
  return text.split(/ AND | and /).every((id) => allowed.has(id.trim()));
}

/** The lockfile of some packages carries no licence; then the package's own file is asked, where it is installed. */
function licenceOf(path: string, entry: Locked): string {
  const named = typeof entry.license === 'string' ? entry.license : entry.license?.type;
  if (named) return named;
  try {
    const own = JSON.parse(readFileSync(`${path}/package.json`, 'utf8')) as {
      license?: string | { type: string };
      licenses?: { type: string }[];
    };
    return (typeof own.license === 'string' ? own.license : own.license?.type) ?? own.licenses?.[0]?.type ?? 'unknown';
  } catch {
    return 'unknown';
  }
}

const named = (path: string, entry: Locked): string => `${path.replace(/^.*node_modules\//, '')}@${entry.version}`;

describe('dependencies', () => {
  it('are all under a permissive licence or MPL-2.0', () => {
    const wrong = Object.entries(lock.packages)
      .filter(([path, entry]) => path !== '' && !entry.link)
      .map(([path, entry]) => `${named(path, entry)}: ${readByHand[named(path, entry)] ?? licenceOf(path, entry)}`)
      .filter((line) => !permissive(line.slice(line.indexOf(': ') + 2)));
    expect(wrong).toEqual([]);
  });

  it('are pinned exactly', () => {
    const own = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string>>;
    const ranges = ['dependencies', 'devDependencies', 'optionalDependencies']
      .flatMap((kind) => Object.entries(own[kind] ?? {}))
      .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
    expect(ranges).toEqual([]);
  });
});
