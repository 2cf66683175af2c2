import type { Configuration, DnsAnswer, DnsQuestion } from '#engine/ports';
import { Deadlines } from '#kernel';
import { CryptoRandom } from '#shell/crypto';
import { DnsResolver } from '#shell/dns';
import { type Located, type LocateRequest, Locator } from '#sip/locate';
import { listenerFor, type Test, type Transport, targetName } from './context.ts';
import { failed, passed, type StepOutcome, warning } from './report.ts';

/** Ms of one question, where the configuration says nothing. */
const defaultTimeout = 4_000;
/** Ms of the whole step, and targets that one trunk is tried at (as the engine does). */
const patience = 15_000;
const mostTargets = 16;
const transports: readonly Transport[] = ['tls', 'tcp', 'udp'];

/** Asks for the trunk's names as the engine does (RFC 3263), each question told; sets its targets. */
export async function dns(test: Test): Promise<StepOutcome> {
  const { trunk, place } = test;
  const hops = trunk.nextHops ?? trunk.addresses;
  const lookup = new Lookup(place.configuration.dns);
  const sent: string[] = [];
  const came: string[] = [];
  const targets: Located[] = [];
  const reasons: string[] = [];
  try {
    for (const { host, port, matchPort } of hops) {
      const request = locating(test, host, matchPort || !isName(host) ? port : undefined);
      const found = await lookup.find(request);
      if (found.kind === 'targets') targets.push(...found.targets);
      else reasons.push(found.reason);
    }
  } finally {
    lookup.close();
  }
  for (const { question, answer, tookMs } of lookup.asked) {
    sent.push(`${question.type} ${question.name}`);
    came.push(`${question.type} ${question.name}: ${describe(answer)} (${tookMs} ms)`);
  }
  test.targets = targets.slice(0, mostTargets);
  for (const [at, target] of test.targets.entries()) {
    came.push(
      `target ${at + 1}: ${targetName(target)}${target.name === target.remote.host ? '' : ` (${target.name})`}`,
    );
  }
  if (test.targets.length === 0) {
    const todo = trunk.nextHops
      ? ['Correct next-hop, or the zone of its name.']
      : ['Correct addresses or domain, or the zone of the name; `dns.servers` names other servers to ask.'];
    return failed(reasons.join('; ') || 'no target', { sent, came, todo });
  }
  const count = `${test.targets.length} ${test.targets.length === 1 ? 'target' : 'targets'}`;
  if (lookup.asked.length === 0) return passed(`${count}, by address: nothing to ask`, { came });
  const questions = `${lookup.asked.length} ${lookup.asked.length === 1 ? 'question' : 'questions'}, ${count}`;
  return reasons.length === 0
    ? passed(questions, { sent, came })
    : warning(`${questions}, and: ${reasons.join('; ')}`, {
        sent,
        came,
        todo: ['Correct the name that was not found, or take it out of the file.'],
      });
}

function locating({ trunk, place }: Test, host: string, port: number | undefined): LocateRequest {
  const { listeners } = place.configuration;
  const has = (transport: Transport, any: string) => listenerFor(listeners, trunk.side, transport, any) !== undefined;
  return {
    host,
    port,
    transport: trunk.naptr ? undefined : trunk.transport,
    supported: transports.filter((transport) => has(transport, '0.0.0.0') || has(transport, '::')),
    families: [
      ...(transports.some((transport) => has(transport, '0.0.0.0')) ? [4 as const] : []),
      ...(transports.some((transport) => has(transport, '::')) ? [6 as const] : []),
    ],
  };
}

export function isName(host: string): boolean {
  return !host.includes(':') && !/^[0-9.]+$/.test(host);
}

interface Asked {
  readonly question: DnsQuestion;
  readonly answer: DnsAnswer;
  readonly tookMs: number;
}

/** The program's own locator and resolver, with nothing else around them. */
class Lookup {
  readonly asked: Asked[] = [];
  readonly #locator: Locator;
  readonly #resolver: DnsResolver;
  readonly #since = new Map<string, number>();
  #answered = Promise.withResolvers<void>();

  constructor(dns: Configuration['dns']) {
    const timeout = dns?.timeout ?? defaultTimeout;
    this.#resolver = new DnsResolver({
      servers: dns?.servers ?? [],
      timeout,
      onAnswer: (question, answer) => this.#heard(question, answer),
    });
    this.#locator = new Locator({
      deadlines: new Deadlines(),
      random: new CryptoRandom(),
      timeout: timeout + 1_000,
      ask: (question) => {
        this.#since.set(`${question.type} ${question.name}`, performance.now());
        this.#resolver.resolve(question);
      },
    });
  }

  async find(request: LocateRequest): Promise<Exclude<ReturnType<Locator['find']>, { kind: 'pending' }>> {
    const until = performance.now() + patience;
    for (;;) {
      const found = this.#locator.find(request, { mono: performance.now(), wall: Date.now() });
      if (found.kind !== 'pending') return found;
      const left = until - performance.now();
      if (left <= 0) return { kind: 'failed', reason: `the DNS did not answer within ${patience / 1000} s` };
      const timer = setTimeout(() => this.#answered.resolve(), left);
      await this.#answered.promise;
      clearTimeout(timer);
      this.#answered = Promise.withResolvers();
    }
  }

  close(): void {
    this.#resolver.close();
  }

  #heard(question: DnsQuestion, answer: DnsAnswer): void {
    const now = performance.now();
    const since = this.#since.get(`${question.type} ${question.name}`) ?? now;
    this.asked.push({ question, answer, tookMs: Math.round(now - since) });
    this.#locator.answered(question, answer, { mono: now, wall: Date.now() });
    this.#answered.resolve();
  }
}

function describe(answer: DnsAnswer): string {
  switch (answer.kind) {
    case 'failed':
      return answer.reason;
    case 'none':
      return answer.reason === 'no-such-name' ? 'no such name' : 'no such record';
    case 'records': {
      const texts = answer.records.map((record) => {
        switch (record.type) {
          case 'SRV':
            return `priority ${record.priority} weight ${record.weight} ${record.target}:${record.port}`;
          case 'NAPTR':
            return `order ${record.order} preference ${record.preference} ${record.service} ${record.replacement}`;
          default:
            return record.address;
        }
      });
      return `${texts.join(', ')}; good for ${Math.round(answer.ttl / 1000)} s`;
    }
  }
}
