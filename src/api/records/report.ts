import { z } from 'zod';
import type { CallRecord, LegIdentifiers, ReceivedReport } from '#engine/ports';
import { toText } from '#kernel';
import { iso } from '../time.ts';

const figure = (what: string) => z.number().optional().describe(what);

const measured = z
  .looseObject({
    lossPercent: figure('Packets that were lost on the way to it, 0 to 100.'),
    discardPercent: figure('Packets that came too late for its jitter buffer, 0 to 100.'),
    jitterMs: figure('Interarrival jitter.'),
    roundTripMs: figure('To the other end and back.'),
    mosListening: figure('What it reckons that a listener thought, 1 to 5.'),
    mosConversational: figure('The same of who talked and listened.'),
    codec: z.string().optional(),
  })
  .describe('What was not measured is absent.');

export const reportSchema = z
  .object({
    receivedAt: z.iso.datetime(),
    party: z.enum(['caller', 'callee']).describe('At which end of the call it was measured.'),
    source: z.string().describe('The trunk, or the user, that it came from.'),
    kind: z.enum(['session', 'interval', 'alert']),
    alert: z
      .object({
        metric: z.string(),
        severity: z.enum(['warning', 'critical', 'clear']),
        direction: z.enum(['local', 'remote']),
      })
      .optional(),
    local: measured,
    remote: measured.optional(),
  })
  .meta({ id: 'QualityReport', description: 'What an end of a call told of its voice (RFC 6035).' });
export type ReportView = z.infer<typeof reportSchema>;

/** Legs of a call by the party at their other end. */
export function partiesOf({ leg, attempts }: Pick<CallRecord, 'leg' | 'attempts'>): LegIdentifiers[] {
  return [leg, ...attempts.map((attempt) => attempt.leg)];
}

export function reportsView(reports: readonly ReceivedReport[], caller: { readonly callId?: string }): ReportView[] {
  return reports.map(({ receivedAt, source, report: { kind, alert, callId, local, remote } }) => ({
    receivedAt: iso(receivedAt),
    party: callId === caller.callId ? 'caller' : 'callee',
    source,
    kind,
    ...(alert && { alert: { ...alert, metric: toText(alert.metric) } }),
    local: { ...local },
    ...(remote && { remote: { ...remote } }),
  }));
}
