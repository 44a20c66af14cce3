import type { Tool } from './define.ts';

export type Catalog = Omit<ReadonlyMap<string, Tool>, 'forEach'>;

export function catalogOf(tools: Tool[]): Catalog {
  const catalog = new Map<string, Tool>();
  for (const tool of [...tools].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (catalog.has(tool.name)) throw new Error(`two tools are called ${tool.name}`);
    catalog.set(tool.name, tool);
  }
  return catalog;
}
