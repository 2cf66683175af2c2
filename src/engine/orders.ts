import type { Call } from '#call';
import type { Instant } from '#kernel';
import { type Captures, captureAsked } from './captures.ts';
import type { Input } from './ports/index.ts';
import type { Reception } from './reception.ts';
import type { Trunks } from './trunks/trunks.ts';

/** What somebody who runs the program wants to be done. */
export type Order = Extract<
  Input,
  { kind: 'probe' | 'register' | 'end' | 'capture' | 'end-capture' | 'arm' | 'unban' | 'pass' }
>;

interface Parts {
  readonly calls: ReadonlyMap<string, Call>;
  readonly captures: Captures;
  readonly trunks: Trunks;
  readonly reception: Reception;
  /** Runs a call's machine under guard. */
  within(call: Call, now: Instant, act: () => void): void;
  log(level: 'info', event: string, fields: Readonly<Record<string, unknown>>): void;
}

export function carryOut(order: Order, { calls, captures, trunks, reception, within, log }: Parts, now: Instant): void {
  switch (order.kind) {
    case 'probe':
    case 'register':
      trunks[order.kind](order.trunk, now);
      return;
    case 'end': {
      const call = calls.get(order.call);
      if (call && call.phase !== 'ended')
        within(call, now, () => {
          call.decide('operator', `ended by ${order.by}`);
          call.terminate('operator', now);
        });
      return;
    }
    case 'capture':
    case 'end-capture': {
      const call = calls.get(order.call);
      if (call) within(call, now, () => captureAsked(call, order, now));
      return;
    }
    case 'arm':
      captures.arm(order.armed);
      return;
    case 'unban':
      reception.unwanted.unban(order.source);
      return;
    case 'pass': {
      const granted = reception.passes.grant(order, now);
      if (granted) log('info', 'pass', granted);
    }
  }
}
