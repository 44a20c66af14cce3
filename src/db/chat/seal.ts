import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../errors.ts';

/** Keeps secrets in the database in a form that nobody reads without the key, which is not in the database. */
export interface Seal {
  /** `about` says what it is: sealed bytes that are moved to another place do not open there. */
  close(text: string, about: string): Promise<Buffer>;
  /** Throws `misconfigured` for bytes that another key sealed. */
  open(sealed: Uint8Array, about: string): Promise<string>;
  /** The same for the same text, and nothing that a short text could be guessed from. */
  digest(text: string, about: string): Promise<string>;
}

export interface SealOptions {
  /** 32 bytes; absent: those of a file in `dataDir`, made when it is first needed. */
  key: Uint8Array | undefined;
  dataDir: string;
}

/** So that bytes of a later form are told from these. */
const form = 1;
const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;
const keyFile = 'secrets.key';

/** AES-256-GCM, with a key of its own for each use of ours. */
export function sealWith({ key, dataDir }: SealOptions): Seal {
  const where = key ? 'SECRETS_KEY' : join(dataDir, keyFile);
  let secret: Promise<Uint8Array> | undefined;
  const keyFor = async (use: string): Promise<Buffer> => {
    secret ??= (key ? Promise.resolve(key) : keyOf(dataDir)).catch((error) => {
      secret = undefined;
      throw error;
    });
    return Buffer.from(hkdfSync('sha256', await secret, '', `sales-agent ${use}`, keyBytes));
  };
  return {
    async close(text, about) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', await keyFor('seal'), nonce).setAAD(Buffer.from(about));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(form), nonce, cipher.getAuthTag(), sealed]);
    },
    async open(sealed, about) {
      const bytes = Buffer.from(sealed);
      const own = await keyFor('seal');
      try {
        if (bytes[0] !== form) throw new Error(`form ${bytes[0]} is not known`);
        const nonce = bytes.subarray(1, 1 + nonceBytes);
        const decipher = createDecipheriv('aes-256-gcm', own, nonce, { authTagLength: tagBytes })
          .setAAD(Buffer.from(about))
          .setAuthTag(bytes.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes));
        return Buffer.concat([decipher.update(bytes.subarray(1 + nonceBytes + tagBytes)), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new AppError(
          'misconfigured',
          `What is kept in the database was sealed with another key than that of ${where}. Set SECRETS_KEY to the key that sealed it, the same for every process; where that is lost, install the chat app anew.`,
          { cause },
        );
      }
    },
    async digest(text, about) {
      return createHmac('sha256', await keyFor('digest'))
        .update(`${about}\n${text}`)
        .digest('hex');
    },
  };
}

/** 32 bytes, written as base64 or hex; nothing for anything else. */
export function readKey(text: string): Uint8Array | undefined {
  const written = text.trim();
  if (/^[0-9a-f]{64}$/i.test(written)) return Buffer.from(written, 'hex');
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(written)) return Buffer.from(written, 'base64');
  return undefined;
}

/** The key of this folder. Of any number of processes that find none at the same time, one makes it and all use it. */
async function keyOf(dataDir: string): Promise<Uint8Array> {
  const path = join(dataDir, keyFile);
  const known = await readIfThere(path);
  if (known !== undefined) return known;
  await mkdir(dataDir, { recursive: true });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(`${randomBytes(keyBytes).toString('base64')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    // a link, unlike a rename, never takes the place of a file that is there
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  return (await readIfThere(path))!;
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new AppError('misconfigured', `Cannot read the key in ${path}: ${error.message}. Or set SECRETS_KEY.`, {
      cause: error,
    });
  });
  if (text === undefined) return undefined;
  const key = readKey(text);
  if (!key) throw new AppError('misconfigured', `${path} holds no key of 32 bytes. Put the right one there, or set SECRETS_KEY.`);
  return key;
}
