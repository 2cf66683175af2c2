/**
 * Debian packages that tests, interop and benchmarks run against. As root on a machine with apt-get, missing ones are
 * installed; elsewhere the reason is printed. CI may not skip: with CI=true a missing package is an error.
 *
 *   node --conditions=source scripts/with-packages.ts sip-tester baresip
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The program, or module of Kamailio's, by which each package is known to be there. */
const programs: Readonly<Record<string, string>> = {
  'sip-tester': 'sipp',
  'baresip-core': 'baresip',
  kamailio: 'kamailio',
  'kamailio-tls-modules': 'tls.so',
  openssl: 'openssl',
  sipsak: 'sipsak',
  sipvicious: 'svmap',
  tshark: 'tshark',
  'linphone-cli': 'linphonec',
  'rtpengine-daemon': 'rtpengine',
};

/** True when all are there, now or after installing them. False: they are not, and why was printed. */
export function havePackages(packages: readonly string[], log: (line: string) => void = console.log): boolean {
  const missing = (): string[] => packages.filter((name) => !isInstalled(programs[name] ?? name));
  const wanted = missing();
  if (wanted.length === 0) return true;
  const command = `apt-get install -y --no-install-recommends ${wanted.join(' ')}`;
  if (process.getuid?.() !== 0 || !isInstalled('apt-get')) {
    return refuse(`missing: ${wanted.join(', ')}. As root: ${command}`, log);
  }
  log(`installing ${wanted.join(', ')} …`);
  const apt = (...args: string[]): boolean =>
    // Another test may be installing something at this moment.
    spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      // Their own services would take ports 5060 and 22222: a policy of "do not start" for this installation only.
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    }).status === 0;
  const install = ['install', '-y', '--no-install-recommends', ...wanted];
  if (!apt(...install) && !(apt('update') && apt(...install))) return refuse(`could not be installed: ${command}`, log);
  const still = missing();
  return still.length === 0 || refuse(`still missing: ${still.join(', ')}`, log);
}

function refuse(reason: string, log: (line: string) => void): false {
  if (process.env.CI === 'true') throw new Error(reason);
  log(reason);
  return false;
}

/** Found in PATH, or where Debian keeps daemons and their modules. */
function isInstalled(program: string): boolean {
  const isModule = program.endsWith('.so');
  const folders = isModule
    ? readdirSync('/usr/lib').map((name) => join('/usr/lib', name, 'kamailio/modules'))
    : [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), isModule ? constants.R_OK : constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

if (import.meta.main) process.exitCode = havePackages(process.argv.slice(2)) ? 0 : 1;
