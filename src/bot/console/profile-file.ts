import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { same } from '../../core/change.ts';
import type { Profile } from '../../core/profile.ts';
import { AppError } from '../../errors.ts';
import { profileFrom } from '../../tools/profile-text.ts';
import { findFile } from './local-file.ts';
import type { Screen } from './screen.ts';
import { clean, oneLine, plural } from './text.ts';

/** Four times what a profile may have in characters: no text of that length is larger. */
const mostBytes = 2_000_000;

interface ProfileFile {
  name: string;
  text: string;
  profile: Profile;
}

/** A profile from a file of this machine. Every problem of a text that is none has been told where nothing comes back. */
export async function readOrTell(screen: Screen, path: string): Promise<ProfileFile | undefined> {
  try {
    return await read(path);
  } catch (error) {
    const problems = error instanceof AppError ? error.details?.['problems'] : undefined;
    if (!Array.isArray(problems)) throw error;
    screen.line(screen.paint.red(`✗ ${clean(path)} cannot be used: ${plural(problems.length, 'problem')}.`));
    for (const problem of problems) screen.line(`  ${oneLine(String(problem))}`);
    return undefined;
  }
}

async function read(path: string): Promise<ProfileFile> {
  const { name, bytes } = await findFile(path, 'mine.yaml');
  if (bytes > mostBytes)
    throw new AppError('too_large', `${name} is larger than any profile. Is it the right file? A profile is text, in YAML.`);
  const text = textOf(await readFile(path), name);
  if (npmBanner.test(text))
    throw new AppError(
      'invalid_input',
      `${name} begins with the lines that npm prints before a command. Take them out, or write the file anew: npm run -s profiles -- show ID > ${name}`,
    );
  if (!text.trim()) throw new AppError('invalid_input', `${name} is empty.`);
  return { name, text, profile: profileFrom(text) };
}

/** "> sales-agent@0.1.0 profiles", and the command it runs on the next line. */
const npmBanner = /^\s*> \S+@\S+ profiles\b.*\r?\n> /;

/** PowerShell's ">" writes UTF-16, and says so in the first two bytes. */
function textOf(bytes: Buffer, name: string): string {
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe;
  try {
    return new TextDecoder(wide ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new AppError('invalid_input', `${name} is no text in UTF-8. Is it the right file? A profile is text, in YAML.`, {
      cause: error,
    });
  }
}

/** The file of a profile that is as it came with the product: it says the same, and its comments explain it. */
export function shippedFile(id: string, yaml: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(new URL(`../../core/profiles/${id}.yaml`, import.meta.url), 'utf8');
  } catch {
    return undefined; // no such profile ships
  }
  return same(profileFrom(text), profileFrom(yaml)) ? text : undefined;
}
