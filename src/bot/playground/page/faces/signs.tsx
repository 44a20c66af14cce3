import { type ComponentChildren, render } from 'preact';

/** The signs that cards use. Chat apps draw emoji with pictures of their own; so does this, also where the system has no font for them. */
const pictures: Record<string, ComponentChildren> = {
  '⏳': (
    <path
      class="amber"
      d="M5 2h10v2.5c0 2.500-2.500 4-3.500 5.500 1 1.500 3.500 3 3.500 5.500V18H5v-2.500C5 13 7.500 11.500 8.500 10 7.500 8.500 5 7 5 4.500V2Z"
    />
  ),
  '⌛': (
    <path
      class="grey"
      d="M5 2h10v2.500c0 2.500-2.500 4-3.500 5.500 1 1.500 3.500 3 3.500 5.500V18H5v-2.500C5 13 7.500 11.500 8.500 10 7.500 8.500 5 7 5 4.500V2Z"
    />
  ),
  '✅': (
    <>
      <rect class="green" x="2" y="2" width="16" height="16" rx="4" />
      <path class="white" d="m6 10.500 2.800 2.800L14.300 7" />
    </>
  ),
  '❌': <path class="red line" d="m4.500 4.500 11 11m0-11-11 11" />,
  '⚠': (
    <>
      <path class="amber" d="M10 2 19 17.500H1L10 2Z" />
      <path class="dark" d="M10 7.500v4.500m0 2.500v.1" />
    </>
  ),
  ℹ: (
    <>
      <circle class="blue" cx="10" cy="10" r="8.500" />
      <path class="white" d="M10 9.500V14m0-8v.1" />
    </>
  ),
  '▶': <path class="blue" d="M5 3.500v13L16.500 10 5 3.500Z" />,
  '⏸': <path class="amber line" d="M7 4v12m6-12v12" />,
  '⏭': <path class="grey" d="M3 4v12l7-6-7-6Zm7 0v12l7-6-7-6Z" />,
  '🔁': <path class="blue line" d="M4 9a5 5 0 0 1 5-4h6m-2.500-3L15.500 5 12.500 8M16 11a5 5 0 0 1-5 4H5m2.500 3L4.500 15l3-3" />,
};

const found = new RegExp(`(${Object.keys(pictures).join('|')})\\ufe0f?`, 'u');

const Sign = ({ sign }: { sign: string }) => (
  <svg class="sign" viewBox="0 0 20 20" aria-hidden="true">
    {pictures[sign]}
  </svg>
);

/** A text with its signs as pictures. */
export const Signs = ({ text }: { text: string }) => (
  <>{text.split(found).map((part, i) => (i % 2 ? <Sign key={i} sign={part} /> : part))}</>
);

/** The same in a piece of the document that somebody else has drawn. */
export function drawSigns(root: HTMLElement): void {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (found.test(node.nodeValue ?? '')) texts.push(node as Text);
  for (const text of texts) {
    const place = document.createElement('span');
    render(<Signs text={text.data} />, place);
    text.replaceWith(place);
  }
}
