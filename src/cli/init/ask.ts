import type { Readable, Writable } from 'node:stream';
import { confirm, intro, isCancel, note, password, select, text } from '@clack/prompts';
import { profileOf } from '#shell/config';
import { exitCodes, Failure } from '../failure.ts';
import {
  type Answers,
  faults,
  isDomain,
  ownAddress,
  placesOf,
  providerProfiles,
  transportOf,
  wantsRegistration,
} from './answers.ts';

/** Where questions are asked. */
export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
}

/** Asks for what is not known yet; `hasPassword`: in a file. Throws a Failure when somebody would rather not answer. */
export async function askAll(
  { hasPassword, ...known }: Partial<Answers> & { readonly hasPassword?: boolean },
  terminal: Terminal,
): Promise<Answers> {
  intro('A PBX, a provider, and calls between them.', terminal);
  const profileName =
    known.profile ??
    (await answer(
      select({
        message: 'Whose trunk is it?',
        options: providerProfiles().map(({ name, title }) => ({ value: name, label: title, hint: name })),
        ...terminal,
      }),
    ));
  const profile = profileOf(profileName);
  const notes = profile?.tandem?.notes ?? [];
  if (notes.length > 0) note(notes.join('\n'), 'Worth knowing', terminal);
  const line = async (key: keyof typeof faults, message: string, initial = '', isOptional = false): Promise<string> => {
    const said = (known[key] as string | undefined) ?? undefined;
    if (said !== undefined) return said;
    const fault = faults[key];
    return answer(
      text({
        message,
        ...(initial !== '' && { initialValue: initial }),
        validate: (value = '') => (isOptional && value === '' ? undefined : fault?.(value)),
        ...terminal,
      }),
    );
  };
  const name = await line('name', 'What shall it be called?', 'itsp');
  const provider = await line('provider', 'Where is it? Its domain, or its address', placesOf(profile));
  const proxy =
    known.proxy ??
    (isDomain(provider) && (known.user !== undefined || wantsRegistration(profile))
      ? await line('proxy', 'Its outbound proxy, if it gave you one (empty: none)', '', true)
      : '');
  const taken = profile?.['transport-info']?.transport ?? [];
  const transport =
    known.transport ??
    (taken.length === 1
      ? transportOf(profile)
      : await answer(
          select({
            message: 'By which way?',
            initialValue: transportOf(profile),
            options: (['tls', 'tcp', 'udp'] as const)
              .filter((one) => taken.length === 0 || taken.includes(one))
              .map((value) => ({ value, label: value.toUpperCase() })),
            ...terminal,
          }),
        ));
  const isTls = transport === 'tls';
  const isRegistered = known.user !== undefined || wantsRegistration(profile);
  const user = isRegistered ? await line('user', 'The account: its user name') : undefined;
  const secret =
    !isRegistered || hasPassword
      ? undefined
      : (known.password ?? (await answer(password({ message: 'Its password', ...terminal }))));
  const certificate = isTls
    ? await line('certificate', 'Our certificate for TLS, a file in PEM (empty: one of our own is made)', '', true)
    : '';
  const key = certificate === '' ? '' : await line('key', 'Its key, a file in PEM');
  const bind = await line('bind', 'Which address of this machine?', ownAddress());
  const advertise =
    known.advertise ??
    (isPrivate(bind) && !isPrivate(provider)
      ? await line('advertise', 'The public address, where this one is behind a NAT (empty: none)', '', true)
      : '');
  const pbx = await line('pbx', 'Where is your PBX? Its address');
  const numbers = await line('numbers', 'Your numbers begin with… (empty: whatever the provider sends)', '', true);
  return {
    profile: profileName,
    name,
    provider,
    ...(proxy !== '' && { proxy }),
    transport,
    ...(user !== undefined && { user }),
    ...(secret !== undefined && { password: secret }),
    bind,
    ...(known.port !== undefined && { port: known.port }),
    ...(advertise !== '' && { advertise }),
    pbx,
    ...(numbers !== '' && { numbers }),
    ...(certificate !== '' && { certificate }),
    ...(key !== '' && { key }),
    ...(isTls && known.trust !== undefined && { trust: known.trust }),
  };
}

export async function askYes(message: string, terminal: Terminal): Promise<boolean> {
  return answer(confirm({ message, ...terminal }));
}

export async function askLine(message: string, terminal: Terminal): Promise<string> {
  return (await answer(text({ message, ...terminal }))) ?? '';
}

/** What was answered. Throws a Failure where somebody would rather not. */
export async function answer<T>(asking: Promise<T>): Promise<Exclude<T, symbol>> {
  const said = await asking;
  if (isCancel(said)) throw new Failure('nothing was written.', exitCodes.interrupted);
  return said as Exclude<T, symbol>;
}

/** RFC 1918, and this machine itself. */
function isPrivate(address: string): boolean {
  return /^(?:10\.|127\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(address);
}
