import type { RegistrarConfiguration, SampleCall, User, VoicePolicy } from '#engine/ports';
import { settingsOfDevices } from './compile-devices.ts';
import { limitsOf } from './compile-limits.ts';
import type { Files } from './files.ts';
import { passwordOf } from './passwords.ts';
import type { PolicyEntry, RegistrarEntry, SampleEntry, UserEntry } from './schema-people.ts';

/** From policies, users, the registrar and sample calls of the file to the engine's. */

export function compilePolicy({ name, usages, features }: PolicyEntry): VoicePolicy {
  return { name, usages: usages ?? [], features };
}

export function compileUser(entry: UserEntry, files: Files): User {
  const { name, line, numbers, site, location, policy, devices, hidden, forward } = entry;
  const { 'display-name': display, 'dial-plan': dialPlan, 'device-locations': deviceLocations } = entry;
  const secret = entry.password !== undefined || entry['password-file'] !== undefined;
  return {
    name,
    ...(display !== undefined && { display }),
    ...(line !== undefined && { line }),
    numbers: numbers ?? [],
    ...(site !== undefined && { site }),
    ...(location !== undefined && { location }),
    ...(deviceLocations && { deviceLocations }),
    ...(secret && { password: passwordOf(entry, files) }),
    ...(dialPlan !== undefined && { dialPlan }),
    ...(policy !== undefined && { policy }),
    devices,
    ...settingsOfDevices(entry),
    ...limitsOf(entry),
    ...(forward && { forward: compileForward(forward) }),
    hidden,
    ...(!entry['media-bypass'] && { mediaBypass: false }),
  };
}

function compileForward(entry: NonNullable<UserEntry['forward']>): NonNullable<User['forward']> {
  const { always, busy, unregistered, together, 'no-answer': noAnswer } = entry;
  return {
    ...(always !== undefined && { always }),
    ...(busy !== undefined && { busy }),
    ...(noAnswer && { noAnswer }),
    ...(unregistered !== undefined && { unregistered }),
    ...(together !== undefined && { together }),
  };
}

export function compileRegistrar(entry: RegistrarEntry): RegistrarConfiguration {
  const { domains = [], realm, algorithms, expires } = entry;
  return { domains, realm: realm ?? domains[0] ?? 'tandem', algorithms, expires, ...settingsOfDevices(entry) };
}

export function compileSample({ name, from, caller, to, at, expect }: SampleEntry): SampleCall {
  const { number, route, trunks, user, refused } = expect;
  return {
    name,
    from,
    ...(caller !== undefined && { caller }),
    to,
    ...(at !== undefined && { at }),
    expect: {
      ...(number !== undefined && { number }),
      ...(route !== undefined && { route }),
      ...(trunks && { trunks }),
      ...(user !== undefined && { user }),
      ...(refused !== undefined && { refused }),
    },
  };
}
