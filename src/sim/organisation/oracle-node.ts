import type { Effect, Input } from '#engine/ports';
import type { DnsAnswer } from '#sip/locate';
import type { Agenda } from '../agenda.ts';
import type { Dice } from '../dice.ts';

type Decided = Extract<Input, { kind: 'decided' }>;

/** Who outside says where calls go: at once, late, never, or something that cannot be. */
export class OracleNode {
  readonly #agenda: Agenda;
  readonly #dice: Dice;

  constructor(agenda: Agenda, dice: Dice) {
    this.#agenda = agenda;
    this.#dice = dice;
  }

  decide({ id }: Extract<Effect, { kind: 'decide' }>, reply: (input: Decided) => void): void {
    const dice = this.#dice;
    if (dice.chance(0.12)) return;
    // Beyond the time that it has as well.
    this.#agenda.in(dice.between(1, dice.chance(0.2) ? 3_000 : 200), () => {
      const outcome: Decided['outcome'] = dice.chance(0.1)
        ? { kind: 'failed', reason: '500' }
        : { kind: 'answered', text: this.#answer() };
      reply({ kind: 'decided', id, outcome });
      if (dice.chance(0.05)) reply({ kind: 'decided', id, outcome });
    });
  }

  #answer(): string {
    const dice = this.#dice;
    return dice.pick([
      '',
      '{}',
      '{"trunks":["south","north"]}',
      '{"trunks":["carriers"],"reason":"cheap"}',
      '{"trunks":["nowhere"]}',
      '{"called":"+49550003"}',
      '{"called":"112"}',
      '{"trunks":["north"],"caller":"+49550004"}',
      '{"refuse":603}',
      '{"refuse":200}',
      '{"trunk":"north"}',
      '[]',
      '{"trunks":"north"',
      'x'.repeat(70_000),
    ]);
  }

  /** The DNS of numbers. */
  naptr(name: string): DnsAnswer {
    const dice = this.#dice;
    const uri = dice.pick([
      '!^(.*)$!sip:\\1@198.51.100.30!',
      '!^(.*)$!sip:\\1@198.51.100.40!',
      '!^(.*)$!sip:\\1@nowhere.example!',
      '!^(.*$!sip:x!',
      'rubbish',
    ]);
    const record = {
      type: 'NAPTR',
      order: 10,
      preference: 10,
      flags: 'u',
      service: 'E2U+sip',
      regexp: uri,
      replacement: '',
    } as const;
    const leads = { ...record, flags: '', service: '', regexp: '', replacement: name };
    return dice.pick<DnsAnswer>([
      { kind: 'none', reason: 'no-such-name', ttl: 2_000 },
      { kind: 'failed', reason: 'SERVFAIL' },
      { kind: 'records', records: [record], ttl: 5_000 },
      { kind: 'records', records: [leads], ttl: 1_000 },
      { kind: 'records', records: [{ ...record, regexp: 'rubbish' }, record], ttl: 60_000 },
    ]);
  }
}
