/**
 * Makes a Debian package: the program with what it needs and a Node, its unit, its configuration. `npm run build` comes first.
 *
 *   node --conditions=source scripts/build-deb.ts [--out DIR] [--node PATH] [--version VERSION] [--fast] [--own]
 *
 * --node     the Node to put in: for production an official build of nodejs.org. Unless given it is npm's copy, which lags behind security releases.
 * --version  of the package, unless package.json's
 * --fast     large and quickly made, for tests
 * --own      without Node and packages of others: for lintian, whose subject is what is ours
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { assemble, manifestOf } from './assemble.ts';
import { manPage } from './man-page.ts';

const root = new URL('../', import.meta.url).pathname;
const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };
const home = 'https://tandem.example';

export interface DebOptions {
  readonly out: string;
  readonly node?: string;
  /** A package for each; package.json's unless given. */
  readonly versions?: readonly string[];
  readonly fast?: boolean;
  readonly own?: boolean;
}

/** The paths of the packages that were made. */
export async function buildDebs({
  out,
  node = nodeOfNpm(),
  versions = [manifestOf(root).version],
  fast = false,
  own = false,
}: DebOptions): Promise<string[]> {
  const architecture = architectures[process.arch];
  if (architecture === undefined) throw new Error(`no package is made for ${process.arch}`);
  const stage = mkdtempSync(join(tmpdir(), 'tandem-deb-'));
  try {
    chmodSync(stage, 0o755);
    const app = join(stage, 'usr/lib/tandem');
    mkdirSync(app, { recursive: true });
    const packages = assemble(app);
    if (own) rmSync(join(app, 'node_modules'), { recursive: true });
    else put(node, join(app, 'node/bin/node'), 0o755);
    put(join(root, 'ops/debian/tandem'), join(stage, 'usr/bin/tandem'), 0o755);
    put(join(root, 'ops/systemd/tandem.service'), join(stage, 'lib/systemd/system/tandem.service'), 0o644);
    put(join(root, 'ops/debian/tandem.yaml'), join(stage, 'etc/tandem/tandem.yaml'), 0o640);
    // Where people look for them.
    const doc = join(stage, 'usr/share/doc/tandem');
    mkdirSync(doc, { recursive: true });
    for (const part of ['docs', 'examples']) symlinkSync(`../../../lib/tandem/${part}`, join(doc, part));
    for (const part of ['README.md', 'CHANGELOG.md']) put(join(root, part), join(doc, part), 0o644);
    writeFileSync(join(doc, 'copyright'), copyright(app, own ? [] : packages, dirname(dirname(node))), { mode: 0o644 });
    put(join(root, 'ops/debian/overrides'), join(stage, 'usr/share/lintian/overrides/tandem'), 0o644);
    const manual = join(stage, 'usr/share/man/man1');
    mkdirSync(manual, { recursive: true });
    writeFileSync(join(manual, 'tandem.1.gz'), gzipSync(await manPage(versions[0]!), { level: 9 }), { mode: 0o644 });

    const control = join(stage, 'DEBIAN');
    mkdirSync(control);
    for (const script of ['postinst', 'prerm', 'postrm'])
      put(join(root, 'ops/debian', script), join(control, script), 0o755);
    writeFileSync(join(control, 'conffiles'), '/etc/tandem/tandem.yaml\n', { mode: 0o644 });
    normalise(stage);
    mkdirSync(out, { recursive: true });
    return versions.map((version) => {
      writeFileSync(join(doc, 'changelog.gz'), gzipSync(changelog(version), { level: 9 }), { mode: 0o644 });
      writeFileSync(join(control, 'md5sums'), md5sums(stage), { mode: 0o644 });
      writeFileSync(join(control, 'control'), controlFile(version, architecture, stage), { mode: 0o644 });
      const deb = join(resolve(out), `tandem_${version}_${architecture}.deb`);
      run(
        'dpkg-deb',
        '--root-owner-group',
        ...(own ? ['-Zxz', '-z0'] : fast ? ['-Znone'] : ['-Zxz']),
        '--build',
        stage,
        deb,
      );
      return deb;
    });
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

function nodeOfNpm(): string {
  return join(root, `node_modules/node-linux-${process.arch}/bin/node`);
}

function controlFile(version: string, architecture: string, stage: string): string {
  const size = Math.ceil(Number(run('du', '-sk', '--apparent-size', stage).split('\t')[0]));
  return `Package: tandem
Version: ${version}
Architecture: ${architecture}
Section: comm
Priority: optional
Maintainer: Tandem maintainers <maintainers@tandem.example>
Installed-Size: ${size}
Depends: adduser, init-system-helpers (>= 1.54), libatomic1, libc6 (>= 2.28), libstdc++6 (>= 12)
Recommends: ca-certificates
Homepage: ${home}
Description: enterprise SIP trunking system
 Joins the PBXs, gateways and sites of an organisation to internet telephony
 service providers: a SIP back-to-back user agent with media relay, routing,
 call records, an API and a console. Brings the Node.js that it runs on.
`;
}

function changelog(version: string): string {
  return `tandem (${version}) unstable; urgency=medium

  * /usr/share/doc/tandem/CHANGELOG.md tells what changed.

 -- Tandem maintainers <maintainers@tandem.example>  ${new Date(0).toUTCString().replace('GMT', '+0000')}
`;
}

/** Who wrote what goes along, each under its own licence. */
function copyright(app: string, packages: readonly string[], nodeHome: string): string {
  /** Those that every Debian has are named, as its policy wants. */
  const licence = (path: string): string => {
    const text = readFileSync(path, 'utf8').trim();
    const isApache = /Apache License\s+Version 2\.0/.test(text.slice(0, 400));
    return isApache ? 'On Debian systems its text is in /usr/share/common-licenses/Apache-2.0.' : text;
  };
  const indented = (text: string): string => text.replaceAll(/^/gm, ' ').replaceAll(/^ +$/gm, ' .');
  const parts = packages.map((path) => {
    const directory = join(app, path);
    const { license = 'see its files' } = manifestOf(directory);
    const [text] = globSync('{LICEN[SC]E,licen[sc]e,LICEN[SC]E.*,licen[sc]e.*}', { cwd: directory });
    const body = text === undefined ? '' : `\n${indented(licence(join(directory, text)))}`;
    return `Files: usr/lib/tandem/${path}/*\nCopyright: its authors\nLicense: ${license}${body}\n`;
  });
  const ofNode = globSync('LICENSE', { cwd: nodeHome }).map(
    () =>
      `Files: usr/lib/tandem/node/*\nCopyright: Node.js contributors\nLicense: MIT and others\n${indented(licence(join(nodeHome, 'LICENSE')))}\n`,
  );
  return [
    `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: Tandem\nSource: ${home}\n`,
    `Files: *\nCopyright: Tandem's authors\nLicense: MIT\n${indented(licence(join(root, 'LICENSE')))}\n`,
    ...ofNode,
    ...parts,
  ].join('\n');
}

/** Rights as a package has them, whatever umask this ran under. */
function normalise(stage: string): void {
  for (const entry of readdirSync(stage, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) chmodSync(file, 0o755);
    if (!entry.isFile() || entry.parentPath.startsWith(join(stage, 'etc'))) continue;
    chmodSync(file, (statSync(file).mode & 0o111) === 0 ? 0o644 : 0o755);
  }
}

function md5sums(stage: string): string {
  const { stdout } = spawnSync('sh', ['-c', 'find usr lib -type f -print0 | sort -z | xargs -0 md5sum'], {
    cwd: stage,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return stdout;
}

function put(from: string, to: string, mode: number): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
  chmodSync(to, mode);
}

function run(command: string, ...args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}${error ?? ''}`);
  return stdout;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: 'dist-deb' },
      node: { type: 'string' },
      version: { type: 'string' },
      fast: { type: 'boolean', default: false },
      own: { type: 'boolean', default: false },
    },
  });
  const { node, version, out, fast, own } = values;
  const [deb] = await buildDebs({
    out,
    fast,
    own,
    ...(node !== undefined && { node }),
    ...(version !== undefined && { versions: [version] }),
  });
  console.log(deb);
}
