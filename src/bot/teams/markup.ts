import { storable } from '../../core/visible.ts';

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function decoded(entity: string): string {
  if (!entity.startsWith('#')) return named[entity.toLowerCase()] ?? `&${entity};`;
  const code = /^#x/i.test(entity) ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1));
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

const marks = /<at\b[^<>]*>([^<>]*)<\/at>([,:]?[^\S\n]*)|&(#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,6});/gi;

/**
 * What somebody typed, as plain text. Teams writes mentions in tags and escapes the signs of HTML; one pass, so that what an escape stands for is
 * not read as markup again. A mention of ours is an address, and not a part of what is said.
 */
export function plainText(text: string, ours: readonly string[]): string {
  const plain = text.replace(marks, (_all, name: string | undefined, after: string | undefined, entity: string | undefined) => {
    if (entity) return decoded(entity);
    const who = (name ?? '').replace(marks, (_every, _name, _after, inner) => decoded(inner ?? ''));
    return ours.includes(who) ? '' : `@${who}${after}`;
  });
  return storable(plain.replace(/\r\n?/g, '\n').replaceAll('\u00a0', ' ')).trim();
}

/** The text of HTML; blocks become lines. */
function htmlText(html: string): string {
  const lines = html.replace(/<(?:br|\/?p|\/?div|\/?li|\/?h\d)\b[^<>]*>/gi, '\n').replace(/<[^<>]*>/g, '');
  return plainText(lines, []).replace(/\n\s*\n/g, '\n');
}

/**
 * What was quoted in an answer, or passed on: the words of others, which Teams puts into one text with those of whoever sends it. Nothing where
 * nothing is quoted.
 */
export function quoted(html: string): { own: string; others: string } | undefined {
  const parts = withEmoji(html).split(/<blockquote\b/i);
  if (parts.length === 1) return undefined;
  const own = [parts[0]!];
  const others: string[] = [];
  for (const part of parts.slice(1)) {
    // what is never closed is a quotation to its end
    const [inside = '', ...after] = part.split(/<\/blockquote\s*>/i);
    others.push(htmlText(inside.slice(inside.indexOf('>') + 1)));
    own.push(after.join(' '));
  }
  // names in mentions are not said to anybody
  const said = own
    .join('\n')
    .replace(/<span\b([^<>]*)>([^<>]*)<\/span>/gi, (span, about: string, name: string) =>
      /schema\.skype\.com\/Mention/i.test(about) ? `<at>${name}</at>` : span,
    );
  return { own: said, others: others.filter(Boolean).join('\n\n') };
}

/** Emoji are pictures in HTML. */
const withEmoji = (html: string): string =>
  html.replace(/<img\b[^<>]*>/gi, (img) =>
    /schema\.skype\.com\/Emoji/i.test(img) ? (/\balt="([^"<>]*)"/i.exec(img)?.[1] ?? '') : img,
  );

/** Whether it shows a picture that is not part of the text. */
export const showsPicture = (html: string): boolean => /<img\b/i.test(withEmoji(html));

/** The same for the part of it that is somebody's own. */
export const ownText = (html: string, ours: readonly string[]): string =>
  plainText(html.replace(/<(?:br|\/p|\/div|\/li|\/h\d)\b[^<>]*>/gi, '\n').replace(/<(?!\/?at\b)[^<>]*>/gi, ''), ours);
