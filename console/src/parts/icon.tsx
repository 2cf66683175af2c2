/** Drawn by us, 24 by 24, in lines. */
const shapes = {
  pulse: 'M3 12h4l3 8 4-16 3 8h4',
  phone: 'M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 6a2 2 0 0 1 2-2',
  trunk: 'M4 7h16M4 12h16M4 17h16M8 5v4M14 10v4M10 15v4',
  map: 'M12 6a2 2 0 1 0 0-.01M5 18a2 2 0 1 0 0-.01M19 18a2 2 0 1 0 0-.01M12 8v4M12 12l-6 4M12 12l6 4',
  records: 'M5 4h14v16H5zM9 9h6M9 13h6M9 17h3',
  route: 'M6 19a2 2 0 1 0 0-.01M18 5a2 2 0 1 0 0-.01M8 19h7a3.5 3.5 0 0 0 0-7H9a3.5 3.5 0 0 1 0-7h7',
  settings: 'M4 8h10M18 8h2M4 16h2M10 16h10M14 6v4M6 14v4',
  people: 'M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6M3 20a6 6 0 0 1 12 0M16 5a3 3 0 0 1 0 6M17 14a6 6 0 0 1 4 6',
  shield: 'M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6z',
  key: 'M8 19a4 4 0 1 1 2.8-6.8L20 3M16 7l3 3',
  history: 'M4 12a8 8 0 1 0 2.5-5.8L4 8M4 4v4h4M12 8v4l3 2',
  number: 'M9 4L7 20M17 4l-2 16M4 9h16M3 15h16',
  siren: 'M6 18v-5a6 6 0 0 1 12 0v5M4 21h16M12 3v1M4 6l1 1M20 6l-1 1',
  chart: 'M4 20V4M4 20h16M8 16v-4M12 16V8M16 16v-6',
  wand: 'M5 19L16 8M15 4v3M20 9h-3M18 5l-1 1',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13M15.5 15.5L20 20',
  check: 'M5 13l4 4L19 7',
  cross: 'M6 6l12 12M18 6L6 18',
  alert: 'M12 4l9 16H3zM12 10v4M12 17v.01',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 11v5M12 8v.01',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5L19 19M5 19l1.5-1.5M17.5 6.5L19 5',
  moon: 'M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10',
  contrast: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 3v18M12 8h7.5M12 12h9M12 16h7.5',
  up: 'M6 15l6-6 6 6',
  down: 'M6 9l6 6 6-6',
  right: 'M9 6l6 6-6 6',
  left: 'M15 6l-6 6 6 6',
  grip: 'M9 6v.01M15 6v.01M9 12v.01M15 12v.01M9 18v.01M15 18v.01',
  pause: 'M9 5v14M15 5v14',
  lock: 'M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3',
  send: 'M4 12l16-8-5 16-4-7zM11 13l9-9',
  mute: 'M4 9v6h4l5 4V5L8 9zM17 9l4 6M21 9l-4 6',
} as const;
export type IconName = keyof typeof shapes;

/** For the eye alone: what it means stands beside it in words. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={shapes[name]} />
    </svg>
  );
}
