import { type CallServices, type HelpCall, type HelpServices, NoticeMessage, type PlaceWaiter } from '#call';
import { type SipRequest, unescapeUser } from '#codec/sip-message';
import { type Instant, type Octets, toOctets } from '#kernel';
import type { Configuration, Trunk } from '#policy/configuration';
import {
  type Borrowed,
  describeNotice,
  type EmergencyFacts,
  type EmergencyPlan,
  EmergencyPlanner,
  noticeOf,
  type PlaceOutcome,
} from '#policy/emergency';
import type { GroupView } from '#policy/groups';
import type { RoutePlan } from '#policy/routing';
import type { Nodes } from './nodes.ts';
import { PlaceQuestions, type PlaceQuestionsServices } from './place-questions.ts';
import type { Effect } from './ports/index.ts';

/** What the checkpoint of lent ELINs is kept under: no call has such an id. */
export const elinsKey = 'emergency:elins';

export interface EmergenciesServices {
  readonly calls: CallServices;
  readonly nodes: Nodes | undefined;
  readonly view: GroupView;
  /** A test call of the owner's: it goes where he says. */
  passes(source: Trunk): boolean;
  /** The trunk of this name, or the user as calls see him. */
  trunk(name: string): Trunk | undefined;
  emit(effect: Extract<Effect, { kind: 'notify' | 'locate' }>): void;
  within: PlaceQuestionsServices['within'];
}

/** Calls for help, as the engine knows them: recognised, planned, told of, and called back. */
export class Emergencies implements HelpServices {
  readonly #services: EmergenciesServices;
  readonly #planner: EmergencyPlanner;
  #questions: PlaceQuestions;

  private constructor(services: EmergenciesServices, planner: EmergencyPlanner) {
    this.#services = services;
    this.#planner = planner;
    const { calls, emit, within } = services;
    this.#questions = new PlaceQuestions({ deadlines: calls.deadlines, emit, within });
  }

  /** Undefined where no number is one for help. */
  static of(configuration: Configuration, services: EmergenciesServices): Emergencies | undefined {
    const { emergency } = configuration;
    if (!emergency) return undefined;
    const planner = new EmergencyPlanner({ ...configuration, emergency });
    return planner.knowsNumbers ? new Emergencies(services, planner) : undefined;
  }

  mayBe(called: Octets, uri: Octets): boolean {
    return this.#planner.mayBe(called, uri);
  }

  isHouse(address: string): boolean {
    return this.#planner.isHouse(address);
  }

  plan(facts: EmergencyFacts): EmergencyPlan | undefined {
    if (facts.trunk && this.#services.passes(facts.trunk)) return undefined;
    const plan = this.#planner.plan(facts, this.#services.view);
    const { nodes } = this.#services;
    return plan && nodes ? { ...plan, trunks: nodes.helpers(plan.trunks, facts.trunk, plan.number) } : plan;
  }

  begun(call: HelpCall, now: Instant): void {
    const { calls } = this.#services;
    const { plan, caller, source, trunk } = call;
    const notice = noticeOf(call, now.wall);
    calls.log('warn', plan.test ? 'emergency-test' : 'emergency-call', {
      call: call.id,
      number: plan.number,
      caller: notice.caller,
      source: source.name,
      site: notice.site,
      location: notice.location?.name,
      trunk: trunk?.name,
    });
    if (plan.elin !== undefined && caller !== '' && !plan.test) {
      this.#planner.elins.take(plan.elin, source.name, caller, now.wall);
      calls.checkpoint(elinsKey, this.#planner.elins.state(now.wall));
    }
    for (const to of plan.notify) {
      if (to.kind !== 'message') this.#services.emit({ kind: 'notify', to, notice });
      else NoticeMessage.send(calls, notice.call, source, to.to, describeNotice(notice), now);
    }
  }

  locate(uri: Octets, waiter: PlaceWaiter, now: Instant): (() => void) | undefined {
    return this.#questions.ask(uri, this.#services.calls.configuration.emergency, waiter, now);
  }

  /** A location server has answered, or can't. */
  located(id: number, outcome: PlaceOutcome, now: Instant): void {
    this.#questions.heard(id, outcome, now);
  }

  /** A call to a number that stands for a place is for who called for help from there. `number`: as routing knows it. */
  calledBack(plan: RoutePlan, source: Trunk, called: Octets, now: Instant): RoutePlan {
    const { elins } = this.#planner;
    if (elins.size === 0) return plan;
    const borrowed = [plan.number, called, `+${called}`].reduce<Borrowed | undefined>(
      (found, number) => found ?? elins.callerOf(number, now.wall),
      undefined,
    );
    const trunk = borrowed && this.#services.trunk(borrowed.source);
    if (!borrowed || !trunk || trunk === source) return plan;
    const outcome = `${called} stands for the place of ${borrowed.caller}, who called for help`;
    return {
      route: 'emergency call back',
      trunks: [{ trunk, called: toOctets(borrowed.caller) }],
      number: borrowed.caller,
      decisions: [{ rule: 'emergency call back', outcome }],
    };
  }

  /** Numbers of places that are lent, and to whom. */
  inspect({ wall }: Instant): Record<string, unknown> {
    const elins = this.#planner.elins.state(wall);
    return { elins: elins.map(([elin, { source, caller, until }]) => ({ elin, source, caller, until })) };
  }

  /** What was lent under the configuration before stays lent. */
  takeOver(before: Emergencies, now: Instant): void {
    this.#planner.elins.restore(before.#planner.elins.state(now.wall));
    this.#questions = before.#questions;
  }

  restore(json: string): void {
    this.#planner.elins.restore(JSON.parse(json));
  }
}

/** What people dial for help wherever they are (ITU-T E.161.1, RFC 5031): where no number is named, these are not refused lightly. */
export function isForHelp(help: HelpServices | undefined, { uri, target }: SipRequest): boolean {
  const user = unescapeUser(target?.user ?? '');
  if (help?.mayBe(user, uri)) return true;
  return uri.slice(0, 15).toLowerCase() === 'urn:service:sos' || user === '112' || user === '911';
}
