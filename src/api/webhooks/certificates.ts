import { type Configuration, siteOf } from '#engine/ports';
import { certificateView } from '../certificates/schema.ts';
import type { LiveHouse } from '../live/told.ts';
import type { AnyHappening } from './happening.ts';
import type { Memory } from './memory.ts';

export type Certificates = NonNullable<LiveHouse['certificates']>;

/** Days before the end at which it is told once more; 0: it has ended. */
const warnings = [0, 1, 3, 7, 14, 30] as const;

interface Known {
  readonly notAfter?: string;
  /** At which of `warnings` it was told last. */
  readonly warned?: number;
  readonly problem?: string;
}

/** What has become of certificates, as they are told; what is known of them is noted. */
export function ofCertificates(
  all: Certificates,
  at: number,
  memory: Memory,
  configuration: Pick<Configuration, 'trunks'>,
): AnyHappening[] {
  const found: AnyHappening[] = [];
  const nameOf = ({ kind, files, users }: Certificates[number]) => `${kind} ${files[0] ?? users.join(', ')}`;
  memory.keepOnly('certificate', new Set(all.map(nameOf)));
  for (const one of all) {
    const name = `certificate ${nameOf(one)}`;
    const { notAfter, daysLeft, problem, users } = one;
    const text = memory.get(name);
    const was = JSON.parse(text ?? '{}') as Known;
    const isOther = was.notAfter !== undefined && notAfter !== undefined && notAfter !== was.notAfter;
    const warned = daysLeft === undefined ? undefined : warnings.find((days) => daysLeft <= (days === 0 ? -1 : days));
    const before = isOther ? undefined : was.warned;
    memory.set(
      name,
      JSON.stringify({
        ...(notAfter !== undefined && { notAfter }),
        ...(warned !== undefined && { warned }),
        ...(problem !== undefined && { problem }),
      } satisfies Known),
    );
    const trunks = users.flatMap((user) => (user.startsWith('trunk ') ? [user.slice('trunk '.length)] : []));
    const sites = trunks.map((trunk) => siteOf(configuration, trunk)).filter((site) => site !== undefined);
    const about = { at, data: certificateView(one), subject: name, trunks, sites };
    const what =
      one.kind === 'trust' ? `A root that ${users.join(', ')} trusts` : `The certificate of ${users.join(', ')}`;
    if (problem !== undefined && problem !== was.problem)
      found.push({ ...about, type: 'certificate.refused', text: `${what} is not taken: ${problem}.` });
    if (isOther)
      found.push({ ...about, type: 'certificate.replaced', text: `${what} was replaced; it holds until ${notAfter}.` });
    if (warned !== undefined && (before === undefined || warned < before))
      found.push({
        ...about,
        type: 'certificate.expiring',
        text: warned === 0 ? `${what} has expired.` : `${what} expires in ${daysLeft} day${daysLeft === 1 ? '' : 's'}.`,
      });
  }
  return found;
}
