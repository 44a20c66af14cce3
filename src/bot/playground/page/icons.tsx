import type { JSX } from 'preact';

/** Small signs, drawn in the colour of the text around them; what they mean is said beside them or in a label. */
const icon =
  (...paths: JSX.Element[]) =>
  ({ size = 18 }: { size?: number }) => (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      stroke-width="1.6"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {paths}
    </svg>
  );

export const Send = icon(<path d="M10 16V4M4.5 9.5 10 4l5.5 5.5" />);
export const StopSign = icon(<rect x="5.5" y="5.5" width="9" height="9" rx="1.5" fill="currentColor" stroke="none" />);
export const Clip = icon(
  <path d="m16 9.5-6 6a3.8 3.8 0 0 1-5.4-5.4l6.3-6.3a2.5 2.5 0 0 1 3.6 3.6l-6.2 6.2a1.3 1.3 0 0 1-1.8-1.8l5.6-5.6" />,
);
export const Close = icon(<path d="m5.5 5.5 9 9m0-9-9 9" />);
export const Check = icon(<path d="m4.5 10.5 3.7 3.7 7.3-8" />);
export const Cross = icon(<path d="m6 6 8 8m0-8-8 8" />);
export const Dot = icon(<circle cx="10" cy="10" r="2.5" fill="currentColor" stroke="none" />);
export const Pause = icon(<path d="M7.5 5.5v9m5-9v9" />);
export const Sun = icon(
  <circle cx="10" cy="10" r="3.2" />,
  <path d="M10 2.5v1.8m0 11.4v1.8M2.5 10h1.8m11.4 0h1.8M4.7 4.7 6 6m8 8 1.3 1.3m0-10.6L14 6m-8 8-1.3 1.3" />,
);
export const Moon = icon(<path d="M16 11.8A6.5 6.5 0 0 1 8.2 4a6.5 6.5 0 1 0 7.8 7.8Z" />);
export const Screen = icon(<rect x="3" y="4" width="14" height="9.5" rx="1.5" />, <path d="M7.5 16.5h5" />);
export const Chevron = icon(<path d="m6 8 4 4 4-4" />);
export const Arrow = icon(<path d="M4 10h12m-4.5-4.5L16 10l-4.5 4.5" />);
export const Inbox = icon(
  <path d="M3.5 11.5 5.6 4.9a1 1 0 0 1 1-.7h6.8a1 1 0 0 1 1 .7l2.1 6.6v3.3a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1v-3.3Zm0 0h3.7l1.2 2h3.2l1.2-2h3.7" />,
);
export const Sheet = icon(
  <path d="M5 3.5h6.5l3.5 3.5v9a.7.7 0 0 1-.7.7H5.7a.7.7 0 0 1-.7-.7V4.2c0-.4.3-.7.7-.7Z" />,
  <path d="M7.5 10h5m-5 3h5" />,
);
export const Eye = icon(<path d="M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5Z" />, <circle cx="10" cy="10" r="2.2" />);
export const Pencil = icon(
  <path d="m4 16 .9-3.6 8.6-8.600a1.6 1.6 0 0 1 2.3 0l.4.4a1.6 1.6 0 0 1 0 2.300l-8.6 8.600zM11.9 5.400l2.7 2.7" />,
);
export const NewConversation = icon(
  <path d="M16.5 10.500v4.200a1.8 1.8 0 0 1-1.8 1.800H5.300a1.8 1.8 0 0 1-1.8-1.800V5.300a1.8 1.8 0 0 1 1.8-1.800h4.200M9 11l.4-2 5.2-5.200a1.3 1.3 0 0 1 1.8 1.800L11.2 10.800z" />,
);
export const ThumbUp = icon(
  <path d="M6.5 9.2 9.6 3.4c1 0 1.9.8 1.9 1.9v2.6h3.3c.9 0 1.6.8 1.4 1.7l-.9 5a1.6 1.6 0 0 1-1.6 1.3H6.500m0-6.700v6.700m0-6.700H4v6.700h2.5" />,
);
export const ThumbDown = icon(
  <path d="m13.5 10.8-3.1 5.800c-1 0-1.9-.8-1.9-1.900v-2.600H5.200c-.9 0-1.6-.8-1.4-1.700l.9-5a1.6 1.6 0 0 1 1.6-1.300h7.200m0 6.700V4.100m0 6.700H16V4.100h-2.5" />,
);

/** Our mark: a speech bubble that ticks something off. */
export const Mark = () => (
  <svg width="28" height="28" viewBox="0 0 28 28" aria-hidden="true">
    <path class="mark-ground" d="M7 3h14a5 5 0 0 1 5 5v9a5 5 0 0 1-5 5h-7l-6 4.200V22H7a5 5 0 0 1-5-5V8a5 5 0 0 1 5-5Z" />
    <path
      d="m9 12.7 3.4 3.400L19.3 9"
      fill="none"
      class="mark-line"
      stroke-width="2.4"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  </svg>
);
