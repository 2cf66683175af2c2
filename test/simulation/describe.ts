import type { Outcome } from '#sim';

const kinds = [
  ...(['tls', 'named', 'registered', 'challenging', 'watched'] as const),
  ...(['reliable', 'updating', 'timing', 'counting'] as const),
] as const;

/** One run for people: a line, and for a failure what does not hold, the ladder and how to see it again. */
export function describe(
  { seed, mix, failure, calls, answered, crashes, inputs, ms }: Outcome,
  lines?: number,
): string {
  const kind = [
    ...mix.faults,
    ...(mix.bypass ? ['[bypass]'] : []),
    ...(mix.direct === undefined ? [] : [`[direct: ${mix.direct}]`]),
    ...(mix.tcp.size > 0 ? [`[tcp: ${[...mix.tcp].join(' ')}]`] : []),
    ...kinds.flatMap((what) => (mix[what].size > 0 ? [`[${what}: ${[...mix[what]].join(' ')}]`] : [])),
    ...(mix.patient ? ['[patient]'] : []),
    ...(mix.particular ? ['[particular]'] : []),
    ...(mix.proving ? ['[proving]'] : []),
    ...(mix.ending === undefined ? [] : [`[${mix.ending}]`]),
    ...(mix.organisation
      ? [
          `[house: ${mix.organisation.people.length} people, ${mix.organisation.devices.length} telephones${mix.organisation.hasEmergency ? ', help' : ''}]`,
        ]
      : []),
    ...(mix.deadAddress ? ['[dead address]'] : []),
    ...(mix.callsPerSecond === undefined ? [] : [`[${mix.callsPerSecond} calls a second]`]),
    ...(mix.callsLimit === undefined ? [] : [`[${mix.callsLimit} calls a trunk]`]),
  ].join(' ');
  const line = `seed ${seed}: ${calls} calls, ${answered} answered, ${crashes} crashes, ${inputs} inputs, ${(ms / 1000).toFixed(0)} s; ${kind || 'no faults'}`;
  if (!failure) return line;
  const what = lines === 0 ? failure.what.slice(0, 300) : failure.what;
  return [line, ...(lines === 0 ? [] : failure.ladder), `FAILED: ${what}`, `again: npm run sim -- --seed ${seed}`].join(
    '\n',
  );
}
