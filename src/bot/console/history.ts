import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { History } from './screen.ts';

const kept = 500;

/** Lines typed before, newest first, in DATA_DIR for their owner's eyes only. */
export function chatHistory(dataDir: string): History {
  const path = join(dataDir, 'chat-history');
  return {
    lines: read(path),
    save(lines) {
      try {
        mkdirSync(dataDir, { recursive: true, mode: 0o700 });
        writeFileSync(path, `${lines.slice(0, kept).reverse().join('\n')}\n`, { mode: 0o600 });
        chmodSync(path, 0o600); // the mode above counts for a new file only
      } catch {
        // a chat goes on without a history: a full or read-only disk is told by what needs it
      }
    },
  };
}

function read(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean).slice(-kept).reverse();
  } catch {
    return []; // none yet
  }
}
