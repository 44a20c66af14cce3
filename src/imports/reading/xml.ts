/**
 * Reads the XML that spreadsheets are made of, piece by piece: elements, attributes, text, CDATA, comments. A sheet of a
 * million rows is half a gigabyte of it, and a general parser takes half a minute for that; this one takes a fraction.
 * There is no document type here, so there are no entities but the five of XML itself: nothing can grow while it is read.
 */
export interface XmlEvents {
  /** Names come without their namespace prefix. `attributes` is as written: see `attribute`. */
  open(name: string, attributes: string): void;
  close(name: string): void;
  text(text: string): void;
}

/** The file is not what it says it is. */
export class XmlError extends Error {}

/** Of text, of a tag, of a comment. */
const longestPiece = 1024 * 1024;
const maxDepth = 100;

export class XmlReader {
  private readonly events: XmlEvents;
  private readonly path: string[] = [];
  private rest = '';
  private seenRoot = false;

  constructor(events: XmlEvents) {
    this.events = events;
  }

  write(chunk: string): void {
    const text = this.rest === '' ? chunk : this.rest + chunk;
    let at = 0;
    for (;;) {
      const tag = text.indexOf('<', at);
      if (tag === -1) break;
      if (tag > at) this.characters(unescaped(text, at, tag));
      const end = this.markup(text, tag);
      at = end === -1 ? tag : end;
      if (end === -1) break;
    }
    this.rest = text.slice(at);
    if (this.rest.length > longestPiece) this.shorten();
  }

  end(): void {
    if (this.rest.trim() !== '' || this.path.length > 0 || !this.seenRoot) throw new XmlError('it ends in the middle');
  }

  /** A long text is passed on in parts, so that whoever takes it can say where it is too long; an entity is not cut. */
  private shorten(): void {
    if (this.rest.startsWith('<')) throw new XmlError('a tag or a comment that is too long');
    const entity = this.rest.indexOf('&', this.rest.length - 10);
    const cut = entity === -1 ? this.rest.length : entity;
    this.characters(unescaped(this.rest, 0, cut));
    this.rest = this.rest.slice(cut);
  }

  private characters(text: string): void {
    if (this.path.length > 0) this.events.text(text);
    else if (text.trim() !== '' && text !== '\ufeff') throw new XmlError('text outside of the elements');
  }

  /** Takes what begins with "<" at `at` and tells where it ends; -1 when the rest has not come yet. */
  private markup(text: string, at: number): number {
    const kind = text.charCodeAt(at + 1);
    if (kind === 0x3f) return after(text, '?>', at + 2);
    if (kind === 0x21) {
      if (text.startsWith('<!--', at)) return after(text, '-->', at + 4);
      if (text.startsWith('<![CDATA[', at)) {
        const end = after(text, ']]>', at + 9);
        if (end !== -1) this.characters(text.slice(at + 9, end - 3));
        return end;
      }
      if (text.length - at < 9) return -1;
      throw new XmlError('a document type');
    }
    return kind === 0x2f ? this.endTag(text, at) : this.startTag(text, at);
  }

  private endTag(text: string, at: number): number {
    const end = text.indexOf('>', at);
    if (end === -1) return -1;
    const name = this.path.pop();
    const rest = at + 2 + (name?.length ?? 0);
    if (name === undefined || !text.startsWith(name, at + 2) || (rest < end && text.slice(rest, end).trim() !== ''))
      throw new XmlError('the end of an element that did not begin');
    this.events.close(local(name));
    return end + 1;
  }

  private startTag(text: string, at: number): number {
    let nameEnd = at + 1;
    let code = text.charCodeAt(nameEnd);
    while (code > 0x20 && code !== 0x3e && code !== 0x2f) code = text.charCodeAt(++nameEnd);
    const end = code === 0x3e ? nameEnd : tagEnd(text, nameEnd);
    if (end === -1) return -1;
    const name = text.slice(at + 1, nameEnd);
    if (name === '' || (this.path.length === 0 && this.seenRoot)) throw new XmlError('a tag that is none');
    this.seenRoot = true;
    const empty = text.charCodeAt(end - 1) === 0x2f;
    this.events.open(local(name), nameEnd === end ? '' : text.slice(nameEnd, empty ? end - 1 : end));
    if (empty) this.events.close(local(name));
    else if (this.path.push(name) > maxDepth) throw new XmlError('elements within elements without end');
    return end + 1;
  }
}

function after(text: string, what: string, from: number): number {
  const at = text.indexOf(what, from);
  return at === -1 ? -1 : at + what.length;
}

/** Where the ">" of a tag stands; one inside an attribute's value is none. */
function tagEnd(text: string, from: number): number {
  let quote = 0;
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === 0x3e) return i;
    else if (code === 0x22 || code === 0x27) quote = code;
    else if (code === 0x3c) throw new XmlError('a tag within a tag');
  }
  return -1;
}

function local(name: string): string {
  const colon = name.indexOf(':');
  return colon === -1 ? name : name.slice(colon + 1);
}

/** The value of an attribute; the prefix of its name is left aside. */
export function attribute(attributes: string, name: string): string | undefined {
  for (let at = attributes.indexOf(name); at !== -1; at = attributes.indexOf(name, at + 1)) {
    const before = attributes.charCodeAt(at - 1);
    if (before > 0x20 && before !== 0x3a) continue;
    const equals = skipSpace(attributes, at + name.length);
    if (attributes.charCodeAt(equals) !== 0x3d) continue;
    const open = skipSpace(attributes, equals + 1);
    const close = attributes.indexOf(attributes[open]!, open + 1);
    if (close === -1) throw new XmlError('an attribute without an end');
    return unescaped(attributes, open + 1, close);
  }
  return undefined;
}

function skipSpace(text: string, at: number): number {
  while (text.charCodeAt(at) <= 0x20) at++;
  return at;
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string, from: number, to: number): string {
  const part = text.slice(from, to);
  if (!part.includes('&')) return part;
  return part.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{1,8}));|&/gi, (_, hex?: string, decimal?: string, name?: string) => {
    const code = hex ? Number.parseInt(hex, 16) : decimal ? Number(decimal) : undefined;
    const character = code !== undefined ? (code <= 0x10ffff ? String.fromCodePoint(code) : undefined) : entities[name ?? ''];
    if (character === undefined) throw new XmlError('an unknown entity');
    return character;
  });
}
