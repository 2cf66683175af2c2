/**
 * How soon a call is through when the first targets of its SRV set are dead: milliseconds from the INVITE to 180 and 200, by the first
 * call, when nothing is known, and by the seventh, when everything is. Real sockets on loopback, a DNS server of our own, the defaults of
 * the configuration (`setup-timeout: 10s`, `health: on`).
 *
 *   node --conditions=source scripts/bench-failover.ts [--built] [--setup-timeout 10s]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { configured, type SrvSet, srvSets, startTargets } from '../test/interop/dead-ends.ts';
import { SipPeer } from '../test/interop/sip-peer.ts';
import { answersSip, freshAddresses } from '../test/perf/subject.ts';
import { startTandem } from '../test/perf/tandem.ts';

const { values: options } = parseArgs({
  options: { built: { type: 'boolean', default: false }, 'setup-timeout': { type: 'string', default: '10s' } },
});

interface Timed {
  readonly ringing: number | undefined;
  readonly answered: number | undefined;
  readonly status: number;
}

const addresses = freshAddresses();
const host = (last: number): string => addresses.sip.host.replace(/\d+$/, String(last));
const directory = mkdtempSync(join(tmpdir(), 'tandem-failover-'));
const targets = await startTargets(host, srvSets);
const { trunks, routes } = configured(srvSets, { 'setup-timeout': options['setup-timeout'], health: 'on' });
const place = ({ host: at, port }: { host: string; port: number }): string => `${at}:${port}`;
const configuration = join(directory, 'tandem.yaml');
writeFileSync(
  configuration,
  JSON.stringify({
    listeners: [{ name: 'sip', bind: place(addresses.sip) }],
    trunks: [{ name: 'pbx', kind: 'ip-pbx', addresses: place(addresses.pbx), health: 'off' }, ...trunks],
    routes,
    dns: { servers: place(targets.dns.address) },
    media: { address: '127.0.0.1' },
    records: { path: directory },
  }),
);
const subject = startTandem({ addresses, data: directory, media: 'anchor', built: options.built, configuration });
try {
  await answersSip(subject, addresses);
  const pbx = await SipPeer.start('pbx', addresses.pbx);
  print(await Promise.all(srvSets.map((set) => chain(pbx, set))));
  await pbx.stop();
} finally {
  await subject.stop();
  await Promise.all(targets.peers.map((peer) => peer.stop()));
  rmSync(directory, { recursive: true, force: true });
}

/** The first call, five at once by which what is dead gets known, and the one after them. */
async function chain(pbx: SipPeer, set: SrvSet): Promise<{ set: SrvSet; first: Timed; later: Timed }> {
  const first = await call(pbx, set);
  await Promise.all([2, 3, 4, 5, 6].map(() => call(pbx, set)));
  return { set, first, later: await call(pbx, set) };
}

async function call(pbx: SipPeer, { prefix }: SrvSet): Promise<Timed> {
  const outgoing = pbx.call(`${prefix}1`, addresses.sip);
  const [ringing, { status, ms }] = await Promise.all([outgoing.ringing, outgoing.final]);
  if (status === 200) await outgoing.hangUp();
  return { ringing, answered: status === 200 ? ms : undefined, status };
}

function print(results: readonly { set: SrvSet; first: Timed; later: Timed }[]): void {
  const cell = (ms: number | undefined): string => (ms === undefined ? '-' : ms.toFixed(0)).padStart(10);
  const head = ['180', '200', '180 known', '200 known'].map((text) => text.padStart(10)).join('');
  console.log(`ms to, setup-timeout ${options['setup-timeout']}`.padEnd(48) + head);
  for (const { set, first, later } of results) {
    const name = `${set.transport}  ${set.before.join(', ') || 'alive'}`.padEnd(48);
    const cells = [first.ringing, first.answered, later.ringing, later.answered].map(cell).join('');
    console.log(
      name + cells + (first.status === 200 && later.status === 200 ? '' : `  ${first.status} ${later.status}`),
    );
  }
}
