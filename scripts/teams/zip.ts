import { crc32, deflateRawSync } from 'node:zlib';

/** A zip archive. The same files give the same bytes: nothing in it says when it was made. */
export function zip(files: readonly { name: string; content: Uint8Array }[]): Buffer {
  const entries: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of files) {
    const [path, packed] = [Buffer.from(name), deflateRawSync(content)];
    // what the entry and its line in the directory have in common: version, flags (names are UTF-8), method, time, date, sums and lengths
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x0800, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt16LE(0x0021, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(path.length, 22);
    const entry = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, path, packed]);
    const line = Buffer.alloc(46);
    line.write('PK\x01\x02', 0, 'latin1');
    line.writeUInt16LE(20, 4);
    common.copy(line, 6);
    line.writeUInt32LE(offset, 42);
    directory.push(Buffer.concat([line, path]));
    entries.push(entry);
    offset += entry.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...entries, list, end]);
}
