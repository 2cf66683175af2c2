import { z } from 'zod';
import type { QualityReporting } from '#engine/ports';
import { count, duration, leaf, name } from './leaves.ts';
import { readTarget } from './leaves-sip.ts';
import { fault } from './problems.ts';

/** Reports on voice quality (RFC 6035): the keys of a trunk, of users and of all of them. */

const collectorUri = () =>
  leaf(
    (text) => {
      const match = /^sip:(?:([A-Za-z0-9_.!~*'()&=+$,?/-]{1,64})@)?([^@;?]+)(?:;transport=(udp|tcp))?$/i.exec(text);
      if (!match)
        return fault(
          'TDM-1114',
          `${JSON.stringify(text.slice(0, 80))} is no SIP address of a collector.`,
          'Write it as sip:vq@192.0.2.20 or sip:vq@collector.example:5070;transport=tcp; for TLS or a password name the `trunk` that leads there.',
        );
      const [, , place = '', transport = 'udp'] = match;
      const target = readTarget(place);
      if (!('value' in target)) return target;
      return { value: { uri: text, ...target.value, transport: transport.toLowerCase() as 'udp' | 'tcp' } };
    },
    { title: 'SIP URI', examples: ['sip:vq@192.0.2.20', 'sip:vq@collector.example;transport=tcp'] },
  );

export const quality = (unless: string) =>
  z
    .strictObject({
      reports: z
        .enum(['taken', 'refused'])
        .prefault('refused')
        .describe(
          'What becomes of reports that it sends (PUBLISH and NOTIFY of `vq-rtcpxr`): they are kept with the record of the call, or refused unless `passes` lets them go on.',
        ),
      collector: collectorUri()
        .optional()
        .describe('Whom we send a report for each of our legs with it, when the call has ended; nobody unless given.'),
      trunk: name()
        .optional()
        .describe(
          'By which trunk the collector is reached: by its addresses, its TLS, as who it is there and with its password; where the URI leads unless given.',
        ),
      side: z
        .enum(['internal', 'external'])
        .prefault('internal')
        .describe('By which of our listeners the collector is reached, where no `trunk` says it.'),
      interval: duration({ from: '10s', to: '1h' })
        .optional()
        .describe('How often it is told of calls that go on; not at all unless given.'),
      alerts: z
        .strictObject({
          loss: count(1, 100).optional().describe('Percent of packets that were lost.'),
          jitter: duration({ from: '1ms', to: '10s' }).optional().describe('Interarrival jitter.'),
          'round-trip': duration({ from: '1ms', to: '10s' }).optional().describe('Between it and us, by its RTCP.'),
        })
        .optional()
        .describe('From where on it is told at once, and again when it is over; looked at every ten seconds.'),
    })
    .optional()
    .describe(`Reports on voice quality (RFC 6035): docs/quality.md. ${unless}`);

type QualityEntry = NonNullable<z.output<ReturnType<typeof quality>>>;

/** What is not said stays out. */
export function qualityOf(entry: QualityEntry | undefined): QualityReporting | undefined {
  if (!entry) return undefined;
  const { reports, collector, trunk, side, interval, alerts } = entry;
  const { loss, jitter, 'round-trip': roundTrip } = alerts ?? {};
  return {
    ...(reports === 'taken' && { reports: true }),
    ...(collector && {
      collector: {
        ...collector,
        side,
        ...(trunk !== undefined && { trunk }),
        ...(interval !== undefined && { interval }),
        ...(alerts && {
          alerts: {
            ...(loss !== undefined && { lossPercent: loss }),
            ...(jitter !== undefined && { jitterMs: jitter }),
            ...(roundTrip !== undefined && { roundTripMs: roundTrip }),
          },
        }),
      },
    }),
  };
}
