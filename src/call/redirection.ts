import { parseNameAddress, parseUri, type SipResponse } from '#codec/sip-message';
import { detach, type Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { Flow } from '#sip/flow';
import type { CalleeSide } from './callee-side.ts';
import { type Destination, destinationOf } from './hunt.ts';
import { numberOf, plainUser } from './identity/index.ts';
import { type CallServices, ruleOf } from './services.ts';

/** Redirections of one call that are followed (docs/limits.md). */
const maxRedirections = 5;
/** Contacts of one redirection that are tried. */
const maxContacts = 10;

interface RedirectedSetup {
  readonly call: {
    readonly services: CallServices;
    readonly source: Trunk;
    readonly caller: Octets;
    decide(rule: string, outcome: string): void;
  };
  readonly callerSide: { readonly dials: Trunk };
  readonly invite: { readonly maxForwards: number | undefined };
  readonly flow: Flow;
}

/** The redirections of one call that are followed here (RFC 3261 8.1.3.4). */
export class Redirections {
  #followed = 0;

  /** Where a response leads, by our routes; 'no': it is a refusal like others; 'loop': there is no end of it. */
  follow(
    { call, callerSide, invite, flow }: RedirectedSetup,
    { trunk, called }: CalleeSide,
    response: SipResponse,
  ): readonly Destination[] | 'no' | 'loop' {
    if (trunk.transfer?.redirect !== 'local') return 'no';
    const numbers = redirectedTo(response);
    if (numbers.length === 0) return 'no';
    const rule = ruleOf(trunk);
    const said = `${response.status} ${response.phrase}`;
    const hops = called.hops + 1;
    if (this.#followed === maxRedirections || hops > (invite.maxForwards ?? 70)) {
      call.decide(rule, `${said}: not followed, after ${this.#followed} redirections`);
      return 'loop';
    }
    this.#followed++;
    // A PBX sends on what reached it, as if it called; where an ITSP leads to, the caller must be let call.
    const source = trunk.side === 'internal' ? trunk : callerSide.dials;
    const talker = { trunk: call.source, address: flow.remote.host };
    const found: Destination[] = [];
    for (const user of numbers) {
      const plan = call.services.plan(source, numberOf(user), call.caller, { talker });
      call.decide(rule, `${said}: redirected to ${numberOf(user)}, by ${plan.route ?? 'no route'}`);
      // The same number at the same trunk would only be redirected again.
      const isSame = numberOf(user) === numberOf(called.user);
      for (const next of plan.trunks)
        if (!isSame || next.trunk !== trunk)
          found.push(destinationOf(next, { ...called, user, hops, redirectedBy: called.user }));
    }
    return found.length === 0 ? 'no' : found;
  }
}

/**
 * The numbers that a 300, 301 or 302 names, best first (RFC 3261 8.1.3.4, 20.10). Hosts say where the far side would go;
 * numbers go by our routes. None for other 3xx: a proxy or another service is not ours to choose.
 */
function redirectedTo(response: SipResponse): readonly Octets[] {
  const { status } = response;
  if (status !== 300 && status !== 301 && status !== 302) return [];
  const found: { readonly user: Octets; readonly q: number }[] = [];
  for (const contact of response.all('contact')) {
    const address = parseNameAddress(contact);
    const uri = address && parseUri(address.uri);
    if (!address || !uri?.user || (uri.scheme !== 'sip' && uri.scheme !== 'sips' && uri.scheme !== 'tel')) continue;
    const [written = ''] = uri.user.split(';');
    const user = detach(uri.scheme === 'tel' ? numberOf(written) : plainUser(written));
    if (found.some((other) => numberOf(other.user) === numberOf(user))) continue;
    found.push({ user, q: preference(address.params.get('q')) });
    if (found.length === maxContacts) break;
  }
  return found.sort((one, other) => other.q - one.q).map(({ user }) => user);
}

/** 20.10: from 0 to 1; 1 for who says nothing that can be read. */
function preference(q: Octets | undefined): number {
  const value = q === undefined || q === '' ? 1 : Number(q);
  return value >= 0 && value <= 1 ? value : 1;
}
