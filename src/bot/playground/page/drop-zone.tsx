import { useEffect, useState } from 'preact/hooks';
import * as icons from './icons.tsx';
import { usePage } from './store.ts';

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/** The whole page takes lists that are dropped on it. */
export function DropZone() {
  const { session } = usePage();
  const [over, setOver] = useState(false);
  useEffect(() => {
    let depth = 0;
    const enter = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      depth += 1;
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const above = (event: DragEvent): void => {
      if (hasFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      session.attach(event.dataTransfer!.files);
    };
    const all = { dragenter: enter, dragleave: leave, dragover: above, drop } as const;
    for (const [name, listener] of Object.entries(all)) document.addEventListener(name, listener as EventListener);
    return () => {
      for (const [name, listener] of Object.entries(all)) document.removeEventListener(name, listener as EventListener);
    };
  }, [session]);
  if (!over) return null;
  return (
    <div class="drop" aria-hidden="true">
      <div class="drop-words">
        <icons.Sheet size={36} />
        <p class="drop-title">Drop your list</p>
        <p>CSV, TSV or Excel, zipped or not. You see what would happen before anything is kept.</p>
      </div>
    </div>
  );
}
