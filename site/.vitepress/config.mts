import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { defineConfig } from 'vitepress';

const docs = resolve(import.meta.dirname, '../../docs');

// Its pages are modules, which find packages from where they lie: here.
const pages = resolve(import.meta.dirname, '../pages');
rmSync(pages, { recursive: true, force: true });
cpSync(docs, pages, { recursive: true, filter: (path) => !path.endsWith('.json') });

/** `# Title` of a page: its name here as well. */
function title(path: string): string {
  const [, text] = /^# (.+)$/m.exec(readFileSync(join(docs, path), 'utf8')) ?? [];
  return (text ?? path).replaceAll('`', '');
}

const item = (path: string) => ({ text: title(path), link: `/${path.replace(/\.md$/, '')}` });
const group = (text: string, paths: readonly string[], collapsed = true) => ({
  text,
  collapsed,
  items: paths.filter((path) => existsSync(join(docs, path))).map(item),
});
const inFolder = (folder: string) =>
  readdirSync(join(docs, folder))
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .sort()
    .map((name) => `${folder}/${name}`);

const begin = ['first-trunk.md', 'trunks.md', 'trunk-test.md', 'profiles.md'];
const organisation = [
  'organisation.md',
  'users.md',
  'routing.md',
  'admission.md',
  'location.md',
  'emergency.md',
  'branch.md',
  'planning.md',
  'topology.md',
  'reference-topology.md',
];
const calls = [
  'identity.md',
  'transfer.md',
  'digits.md',
  'fax.md',
  'quiet.md',
  'media-bypass.md',
  'messages-that-cross.md',
  'manipulation.md',
];
const running = [
  'configuration-life.md',
  'management.md',
  'metrics.md',
  'quality.md',
  'traces.md',
  'webhooks.md',
  'firewall.md',
  'install.md',
  'upgrade.md',
  'backup.md',
];
const reference = [
  'configuration.md',
  'cli.md',
  'records.md',
  'status-socket.md',
  'trunk-parameters.md',
  'end-causes.md',
  'drop-reasons.md',
  'limits.md',
  'glossary.md',
];
const inner = [
  'ARCHITECTURE.md',
  'life-of-a-call.md',
  'closures.md',
  'performance.md',
  'interop.md',
  'moments.md',
  'rfc-matrix.md',
  'rfc4475.md',
  'dependencies.md',
];
const named = new Set([begin, organisation, calls, running, reference, inner].flat());
/** Pages that nobody has put in a place yet are found nevertheless. */
const others = readdirSync(docs).filter((name) => name.endsWith('.md') && name !== 'README.md' && !named.has(name));

const tables = new Set(['moments.md', 'rfc-matrix.md', 'rfc4475.md']);

/** Where a link leads that leaves docs: the file has no page, its name is said. */
function isOutside(page: string, link: string): boolean {
  if (/^[a-z]+:|^#/.test(link)) return false;
  const path = resolve(dirname(join(docs, page)), link.replace(/[#?].*$/, ''));
  return (
    relative(docs, path).startsWith('..') || !/(\.md|\/)$/.test(path.replace(/\/?$/, /\.[a-z]+$/.test(path) ? '' : '/'))
  );
}

export default defineConfig({
  title: 'Tandem',
  description: 'An enterprise SIP trunking system: how to run it, and all about it.',
  lang: 'en',
  srcDir: './pages',
  outDir: './dist',
  cacheDir: './.vitepress/cache',
  // Opened from a disk or served below any path.
  base: process.env.SITE_BASE ?? '/',
  rewrites: {
    'README.md': 'index.md',
    'adr/README.md': 'adr/index.md',
    'errors/README.md': 'errors/index.md',
    'how-to/README.md': 'how-to/index.md',
  },
  // None is asked for.
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  metaChunk: true,
  themeConfig: {
    search: {
      provider: 'local',
      options: {
        // Long tables that have every word in them would stand before what people look for.
        _render: (source, env, md) => (tables.has(env.relativePath) ? '' : md.render(source, env)),
        miniSearch: {
          searchOptions: { boostDocument: (id: string) => (/how-to|first-trunk|\/trunks/.test(id) ? 2 : 1) },
        },
      },
    },
    outline: [2, 3],
    nav: [
      { text: 'First trunk', link: '/first-trunk' },
      { text: 'How to', link: '/how-to/' },
      { text: 'Configuration', link: '/configuration' },
      { text: 'Problems', link: '/errors/' },
    ],
    sidebar: [
      group('Begin', begin, false),
      group('How to', inFolder('how-to'), false),
      group('The organisation', organisation),
      group('Calls', calls),
      group('Running it', running),
      group('Reference', [...reference, ...others]),
      group('Inside', inner),
      group('Why it is so', inFolder('adr')),
    ],
  },
  vite: { build: { chunkSizeWarningLimit: 4_000 }, logLevel: 'warn' },
  markdown: {
    // Our pages are plain: what looks like a tag or a placeholder in them is text.
    html: false,
    config(md) {
      const text = md.renderer.rules.text!;
      md.renderer.rules.text = (...args) => text(...args).replaceAll('{{', '&#123;&#123;');
      md.core.ruler.after('inline', 'plain', (state) => {
        const page: string = state.env.relativePath ?? '';
        for (const { children } of state.tokens) {
          let isOpen = false;
          for (const token of children ?? []) {
            if (token.type === 'code_inline') token.attrSet('v-pre', '');
            if (token.type === 'link_open' && isOutside(page, token.attrGet('href') ?? '')) {
              isOpen = true;
              token.tag = 'span';
              token.attrs = [['class', 'file']];
            } else if (token.type === 'link_close' && isOpen) {
              isOpen = false;
              token.tag = 'span';
            }
          }
        }
      });
    },
  },
});
