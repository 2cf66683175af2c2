import type { Edit } from './edits.ts';

/** What who brings up a trunk has said so far. */
export interface Answers {
  profile: string;
  name: string;
  kind: 'itsp' | 'pstn-gateway' | 'ip-pbx';
  transport: string;
  /** Where it ends; empty: at none. */
  site: string;
  /** One a line. */
  addresses: string;
  domain: string;
  registers: boolean;
  user: string;
  username: string;
  password: string;
  calls: string;
  /** Whether media must be encrypted. */
  srtp: boolean;
  /** The trunk that its calls go to, and come from. */
  inside: string;
  /** How numbers begin that come from it; one a line. Empty: all. */
  inward: string;
  /** How numbers begin that go to it; one a line. Empty: none do. */
  outward: string;
}

export const nothingSaid: Answers = {
  ...{ profile: '', name: '', kind: 'itsp', transport: 'udp', site: '', addresses: '', domain: '', registers: false },
  ...{ user: '', username: '', password: '', calls: '', srtp: false, inside: '', inward: '', outward: '+' },
};

const linesOf = (text: string) => text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
const oneOrMany = (list: readonly string[]) => (list.length === 1 ? list[0] : list);

/** The edits that make the trunk, and its routes where it is said whom it joins. */
export function editsOf(answers: Answers): Edit[] {
  const { profile, name, kind, transport, site, domain, registers, user, username, password, calls, srtp, inside } =
    answers;
  const trunk = {
    name,
    kind,
    ...(profile !== '' && { profile }),
    transport,
    ...(site !== '' && { site }),
    addresses: oneOrMany(linesOf(answers.addresses)),
    ...(domain !== '' && { domain }),
    ...(user !== '' && { identity: user }),
    ...(registers && { registration: {} }),
    ...(username !== '' && { credentials: { username, ...(password !== '' && { password }) } }),
    ...(srtp && { srtp: 'required' }),
    ...(/^\d+$/.test(calls) && { capacity: { calls: Number(calls) } }),
  };
  const made = (section: string, value: { readonly name: string }): Edit => ({
    path: [section, value.name],
    value,
    was: null,
  });
  if (inside === '') return [made('trunks', trunk)];
  const inward = linesOf(answers.inward);
  const outward = linesOf(answers.outward);
  return [
    made('trunks', trunk),
    made('routes', {
      name: `${name}-in`,
      from: name,
      ...(inward.length > 0 && { called: { prefix: oneOrMany(inward) } }),
      to: inside,
    } as { name: string }),
    ...(outward.length === 0
      ? []
      : [
          made('routes', {
            name: `${name}-out`,
            from: inside,
            called: { prefix: oneOrMany(outward) },
            to: name,
          } as { name: string }),
        ]),
  ];
}

/** Takes away what they made: who goes back says it anew. */
export function undoing(edits: readonly Edit[]): Edit[] {
  return edits.map(({ path }) => ({ path })).reverse();
}
