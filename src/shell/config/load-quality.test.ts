import { describe, expect, test } from 'vitest';
import { itspWith } from './codes-entry.ts';
import { soundFile } from './errors.ts';
import { filesOfExamples } from './files.testing.ts';
import { loadConfiguration } from './load.ts';
import { formatProblems } from './problems.ts';

const files = await filesOfExamples();

function load(keys: string, more = '') {
  const text = soundFile.replace(/^trunks:[\s\S]*?(?=^routes:)/m, () => itspWith(keys)) + more;
  return loadConfiguration(text, { file: 'tandem.yaml', env: {}, files });
}

function configuration(keys: string, more?: string) {
  const loaded = load(keys, more);
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded.configuration;
}

const quality = (keys: string, more?: string) => configuration(`quality: ${keys}\n`, more).trunks[1]!.quality;

describe('reports on voice quality', () => {
  test('are taken, and sent, as the trunk says', () => {
    expect(quality('{ reports: taken }')).toEqual({ reports: true });
    expect(quality('{ collector: "sip:vq@collector.example:5070;transport=tcp", side: external }')).toEqual({
      collector: {
        uri: 'sip:vq@collector.example:5070;transport=tcp',
        host: 'collector.example',
        port: 5070,
        transport: 'tcp',
        side: 'external',
      },
    });
    expect(quality('{ collector: "sip:vq@collector.example", trunk: pbx }')?.collector).toMatchObject({ trunk: 'pbx' });
    const alerts = '{ loss: 3, jitter: 40ms, round-trip: 300ms }';
    expect(quality(`{ collector: "sip:10.0.0.9", interval: 1m, alerts: ${alerts} }`)).toEqual({
      collector: {
        uri: 'sip:10.0.0.9',
        host: '10.0.0.9',
        transport: 'udp',
        side: 'internal',
        interval: 60_000,
        alerts: { lossPercent: 3, jitterMs: 40, roundTripMs: 300 },
      },
    });
  });

  test('a trunk that leads to a collector needs no route', () => {
    const warnings = (keys: string) => {
      const text = soundFile.replace(/^trunks:[\s\S]*?(?=^routes:)/m, () => itspWith(`quality: { ${keys} }\n`));
      const reports = '  - { name: reports, kind: itsp, addresses: 203.0.113.70 }\n';
      const loaded = loadConfiguration(text.replace(/^routes:/m, `${reports}routes:`), {
        file: 'tandem.yaml',
        env: {},
        files,
      });
      return loaded.ok ? loaded.warnings.map(({ code }) => code) : loaded.problems;
    };
    expect(warnings('collector: "sip:vq@203.0.113.70"')).toEqual(['TDM-1302']);
    expect(warnings('collector: "sip:vq@203.0.113.70", trunk: reports')).toEqual([]);
  });

  test('what all trunks have in common, a trunk says otherwise key by key', () => {
    const all = 'trunk-defaults:\n  quality: { reports: taken, collector: "sip:vq@10.0.0.9" }\n';
    const [pbx, itsp] = configuration('quality: { reports: refused, interval: 30s }\n', all).trunks;
    expect(pbx!.quality).toMatchObject({ reports: true, collector: { uri: 'sip:vq@10.0.0.9' } });
    expect(itsp!.quality).toMatchObject({ collector: { uri: 'sip:vq@10.0.0.9', interval: 30_000 } });
    expect(itsp!.quality).not.toHaveProperty('reports');
  });

  test.each([
    ['collector: "10.0.0.9"', '', 'TDM-1114', 'collector'],
    ['collector: "sips:vq@10.0.0.9"', '', 'TDM-1114', 'collector'],
    ['collector: "sip:vq@a_b.example"', '', 'TDM-1115', 'collector'],
    ['collector: "sip:vq@10.0.0.9;transport=tls"', '', 'TDM-1114', 'collector'],
    ['interval: 30s', '', 'TDM-1216', 'interval'],
    ['trunk: pbx', '', 'TDM-1216', 'trunk'],
    ['collector: "sip:10.0.0.9", trunk: pbz', '', 'TDM-1202', 'trunk'],
    ['alerts: { loss: 5 }', '', 'TDM-1216', 'alerts'],
    ['collector: "sip:10.0.0.9", interval: 5s', '', 'TDM-1106', 'interval'],
    ['collector: "sip:10.0.0.9", alerts: { loss: 0 }', '', 'TDM-1107', 'alerts.loss'],
  ])('%s', (keys, more, code, place) => {
    const loaded = load(`quality: { ${keys} }\n`, more);
    const problems = loaded.ok ? [] : loaded.problems;
    expect(problems.map((one) => [one.code, one.path])).toEqual([[code, `trunks[1].quality.${place}`]]);
  });
});
