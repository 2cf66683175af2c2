import { Progress } from '@mantine/core';

/** How full something is: calm, then amber, then red. `share`: 0 to 1. */
export function Meter({ share, label }: { share: number; label: string }) {
  const tone = share >= 1 ? 'bad' : share >= 0.8 ? 'warn' : 'accent';
  return <Progress value={Math.round(Math.min(1, share) * 100)} color={`var(--tandem-${tone})`} aria-label={label} />;
}
