import encode from 'qr';
import { useMemo } from 'react';

/** Light squares around it, as readers want (ISO/IEC 18004 6.3.8). */
const quiet = 4;

/** A text for a camera: dark on light also where all else is light on dark. */
export function QrCode({ text, label, size = 200 }: { text: string; label: string; size?: number }) {
  const { path, side } = useMemo(() => {
    const rows = encode(text, 'raw', { ecc: 'medium', border: quiet });
    const dark = rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : [])));
    return { path: dark.join(''), side: rows.length };
  }, [text]);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${side} ${side}`}
      width={size}
      height={size}
      shapeRendering="crispEdges"
    >
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
