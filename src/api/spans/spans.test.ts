import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { CallRecord, Configuration, OtlpConfiguration } from '#engine/ports';
import { Sensitive } from '#kernel';
import { ended, start } from '../live/live.testing.ts';
import { Mirror } from '../live/mirror.ts';
import { trunkLabels } from '../metrics/names.ts';
import { SpanExporter } from './exporter.ts';
import { type Span, spansOf } from './spans.ts';

const label = trunkLabels([{ name: 'pbx' }, { name: 'itsp-a' }, { name: 'itsp-b' }]);
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const call = '01a208e000eb036963d9146b828a7afc';

const leg = (trunk: string, remote: string) => ({ trunk, remote, callId: `${trunk}-id`, localTag: '', remoteTag: '' });
const record: CallRecord = {
  ...ended(call, 65, { ringingAt: start + 500, route: 'out', decisions: [{ rule: 'out', outcome: 'fits' }] }),
  leg: leg('pbx', 'udp 10.0.0.2:5060'),
  attempts: [
    {
      leg: leg('itsp-a', 'tls [2001:db8::1]:5061'),
      caller: '+493012345',
      called: '+4940777',
      startedAt: start + 10,
      endedAt: start + 200,
      end: { by: 'callee', reason: 'rejected', sip: { status: 503, phrase: 'No' } },
    },
    {
      leg: leg('itsp-b', 'udp 203.0.113.10:5060'),
      caller: '+493012345',
      called: '+4940777',
      startedAt: start + 200.25,
      ringingAt: start + 500,
      answeredAt: start + 1_000,
      endedAt: start + 65_000,
      end: { by: 'caller', reason: 'hangup' },
    },
  ],
};
const attribute = (span: Span, key: string) => span.attributes.find((one) => one.key === key)?.value;

describe('the spans of a call', () => {
  test('are one of the call and one of each try below it, of the same trace', () => {
    const [whole, failed, answered, ...more] = spansOf(record, hash, label);
    expect(more).toEqual([]);
    expect(whole).toMatchObject({ name: 'call', kind: 2, traceId: call, status: { code: 1 } });
    expect(whole!.parentSpanId).toBeUndefined();
    expect(whole!.startTimeUnixNano).toBe(`${start}000000`);
    expect(whole!.endTimeUnixNano).toBe(`${start + 65_000}000000`);
    expect(whole!.events.map(({ name }) => name)).toEqual(['ringing', 'answered', 'planned']);
    for (const span of [failed!, answered!])
      expect(span).toMatchObject({ traceId: call, parentSpanId: whole!.spanId, kind: 3 });
    expect(new Set([whole, failed, answered].map((span) => span!.spanId)).size).toBe(3);
    expect(failed).toMatchObject({
      name: 'attempt itsp-a',
      status: { code: 2, message: expect.stringContaining('503') },
    });
    expect(attribute(failed!, 'sip.status')).toEqual({ intValue: '503' });
    expect(attribute(failed!, 'network.peer.address')).toEqual({ stringValue: '2001:db8::1' });
    expect(answered!.startTimeUnixNano).toBe(`${start + 200}250000`);
  });

  test('tell nobody who called whom', () => {
    const text = JSON.stringify(
      spansOf({ ...record, leg: { ...leg('+493012345', 'udp 10.0.0.2:5060'), callId: 'x' } }, hash, label),
    );
    expect(text).not.toMatch(/12345|40777/);
    for (const { traceId, spanId } of spansOf({ ...record, call: 'not hex' }, hash, label)) {
      expect(traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(spanId).toMatch(/^[0-9a-f]{16}$/);
    }
  });
});

let closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
  closing = [];
});

interface Asked {
  readonly headers: IncomingHttpHeaders;
  readonly spans: Span[];
  readonly resource: unknown;
}

/** A small collector; `answers` its statuses in turn, then 200. */
async function collector(...answers: number[]) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { resourceSpans } = JSON.parse(text);
    expect(resourceSpans).toHaveLength(1);
    asked.push({
      headers: request.headers,
      spans: resourceSpans[0].scopeSpans[0].spans,
      resource: resourceSpans[0].resource,
    });
    response.writeHead(answers.shift() ?? 200, { 'content-type': 'application/json' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces` };
}

function exporting(otlp: OtlpConfiguration | undefined) {
  const live = new Mirror(
    () => start,
    () => true,
  );
  const troubles: (string | undefined)[] = [];
  const exporter = new SpanExporter({
    live,
    version: '1.2.3',
    node: 'one',
    configuration: () => ({ trunks: [], tracing: otlp && { otlp } }) as unknown as Configuration,
    onTrouble: (why) => void troubles.push(why),
    pause: 1,
  });
  closing.push(() => exporter.close());
  const end = (...records: CallRecord[]) => live.apply({ kind: 'ended', at: start, records });
  return { exporter, troubles, end };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}

describe('a collector', () => {
  test('gets what has ended, as JSON, with who we are', async () => {
    const { asked, url } = await collector();
    const { exporter, end, troubles } = exporting({ url, authorization: new Sensitive('Bearer x') });
    end(record, { ...record, call: 'b'.repeat(32) });
    await until(() => exporter.counts.sent === 6);
    expect(asked).toHaveLength(1);
    expect(asked[0]!.headers).toMatchObject({ authorization: 'Bearer x', 'content-type': 'application/json' });
    expect(asked[0]!.spans.map(({ traceId }) => traceId)).toContain('b'.repeat(32));
    expect(JSON.stringify(asked[0]!.resource)).toContain('"service.name","value":{"stringValue":"tandem"}');
    expect(troubles).toEqual([]);
  });

  test('that is busy gets the same again; one that does not understand does not', async () => {
    const { asked, url } = await collector(503, 429, 200, 400);
    const { exporter, end, troubles } = exporting({ url });
    end(record);
    await until(() => exporter.counts.sent === 3);
    expect(asked.map(({ spans }) => spans.length)).toEqual([3, 3, 3]);
    end(record);
    await until(() => exporter.counts.lost === 3);
    expect(asked).toHaveLength(4);
    expect(troubles).toEqual(['it answers 503', 'it answers 429', undefined, 'it answers 400']);
  });

  test('that is not there is not waited for, and what waits has an end', async () => {
    const { exporter, end, troubles } = exporting({ url: 'http://127.0.0.1:9/v1/traces' });
    end(record);
    await until(() => troubles.length > 0);
    end(...Array.from({ length: 7_000 }, () => record));
    expect(exporter.counts).toMatchObject({ sent: 0 });
    expect(exporter.counts.lost).toBeGreaterThanOrEqual(1_000);
  });

  test('nobody is sent anything unless it is configured', async () => {
    const { exporter, end } = exporting(undefined);
    end(record);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(exporter.counts).toEqual({ sent: 0, lost: 0 });
  });
});
