import { describe, expect, test } from 'vitest';
import { read, told } from './organisation.testing.ts';

describe('who outside is asked', () => {
  test('the DNS and a service, in short and in full', () => {
    expect(read('decisions: { enum: E164.arpa, service: "https://decide.example/calls" }\n').decisions).toEqual({
      enum: { domain: 'e164.arpa', when: 'first', otherwise: 'routes', timeout: 2_000 },
      service: { url: 'https://decide.example/calls', when: 'first', otherwise: 'routes', timeout: 500 },
    });
    const { decisions } = read(
      `decisions:
  enum: { domain: numbers.example, when: unrouted, otherwise: refuse, timeout: 300ms }
  service: { url: "http://127.0.0.1:8080", secret: swordfish, from: [pbx, ann], timeout: 1s }
users: [{ name: ann }]
`,
    );
    expect(decisions?.enum).toEqual({
      ...{ domain: 'numbers.example', when: 'unrouted', otherwise: 'refuse', timeout: 300 },
    });
    expect(decisions?.service).toMatchObject({ from: ['pbx', 'ann'], timeout: 1_000 });
    expect(decisions?.service?.secret?.reveal()).toBe('swordfish');
    expect(read('').decisions).toBeUndefined();
  });

  test.each([
    ['enum: "8.8.8.8"', 'TDM-1115 decisions.enum.domain: "8.8.8.8" is not the name of a host.'],
    ['service: decide.example', 'TDM-1126 decisions.service.url: "decide.example" is not an address on the web.'],
    [
      'service: { url: "https://a.example", from: pbxx }',
      'TDM-1202 decisions.service.from[0]: there is no trunk "pbxx".',
    ],
    [
      'service: { url: "http://127.0.0.1:8080", trust: system }',
      'TDM-1216 decisions.service.trust: `trust` is for `https`, and the service is asked by `http`.',
    ],
    [
      'service: { url: "https://a.example", trust: [system, gone.pem] }',
      'TDM-1401 decisions.service.trust[1]: gone.pem cannot be read: there is none.',
    ],
    ['service: { url: "https://a.example", timeout: 1h }', 'TDM-1106 decisions.service.timeout: 1h is out of range.'],
  ])('%s', (keys, message) => {
    expect(told(`decisions: { ${keys} }\n`)).toEqual([message]);
  });

  test('may name a trunk that no route does', () => {
    const spare = 'routes: [{ name: all, from: pbx, to: pbx }]\n';
    expect(told(spare)).toEqual(['TDM-1302 trunk "itsp-a": no route takes calls from it or sends calls to it.']);
    for (const asked of ['enum: e164.arpa', 'service: "https://decide.example"'])
      expect(told(`${spare}decisions: { ${asked} }\n`)).toEqual([]);
  });
});
