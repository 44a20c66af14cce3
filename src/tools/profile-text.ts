import { parseDocument, stringify } from 'yaml';
import { type Profile, parseProfile } from '../core/profile.ts';
import { AppError } from '../errors.ts';

/** A profile of fifty criteria with long lists stays far below this. */
const longest = 500_000;

/** A profile from its file, YAML or JSON. Throws `invalid_input` with the line that cannot be read, or with what is wrong in it. */
export function profileFrom(text: string): Profile {
  if (text.length > longest) throw new AppError('too_large', 'A profile has at most 500,000 characters.');
  const document = parseDocument(text, { prettyErrors: true });
  const [problem] = document.errors;
  if (problem) {
    const line = problem.linePos?.[0].line;
    const what = problem.message.split(/ at line|\n/)[0]!.slice(0, 200);
    throw new AppError('invalid_input', `This is no YAML${line === undefined ? '' : ` (line ${line})`}: ${what}.`, {
      cause: problem,
    });
  }
  return parseProfile(plain(document));
}

/** Aliases of aliases can stand for endless text; a few hundred are an honest file. */
function plain(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 500 });
  } catch (error) {
    throw new AppError('invalid_input', 'This YAML repeats itself too often, or cannot be read.', { cause: error });
  }
}

/** The file of a profile, to be edited and given back. */
export const profileText = (profile: Profile): string => stringify(profile, { lineWidth: 140, aliasDuplicateObjects: false });
