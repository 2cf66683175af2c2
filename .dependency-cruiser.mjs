// The walls between the modules (docs/ARCHITECTURE.md, "Walls"): `npm run layers`.
// Each rule's comment tells the offender what to do instead. test/layers.test.ts shows that every rule bites, and
// that the whole of src is read: without a parser for TypeScript the tool would read nothing and find nothing.

/** A module is a folder with one door, its index.ts. */
const module =
  '(?:codec|sip|media|policy|shell)/[^/]+|kernel|call|cdr|engine|media-process|phone|client|api|cli|app|sim';
const door = `^src/(?:${module}|engine/ports|sip)/index\\.ts$`;
const pure = '^src/(?:kernel|codec|sip|media|policy|call|cdr|engine)/';
/** Tests and what only tests use lie beside what they test, and are free. */
const tests = '\\.test(?:ing)?\\.ts$';

/** `layer` may import what is listed and itself; nothing else of ours. */
function layer(name, folders, mayImport, comment) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: `^src/(?:${folders})/`, pathNot: tests },
    to: { path: '^src/', pathNot: `^src/(?:${[folders, ...mayImport].join('|')})/` },
  };
}

const rules = [
  layer(
    'kernel-knows-nobody',
    'kernel',
    [],
    'The kernel is what all others stand on. Move what it needs into it, or the file out of it.',
  ),
  layer(
    'codec-knows-kernel',
    'codec',
    ['kernel'],
    'A codec turns octets into values and back. What decides belongs in sip, media, policy or call.',
  ),
  layer(
    'sip-knows-codec',
    'sip',
    ['codec', 'kernel'],
    'sip, media and policy do not know each other: let src/call join them, or take the value as an argument.',
  ),
  layer(
    'media-knows-codec',
    'media',
    ['codec', 'kernel'],
    'sip, media and policy do not know each other: let src/call join them, or take the value as an argument.',
  ),
  layer(
    'policy-knows-codec',
    'policy',
    ['codec', 'kernel'],
    'sip, media and policy do not know each other: let src/call join them, or take the value as an argument.',
  ),
  layer(
    'cdr-knows-below',
    'cdr',
    ['sip', 'media', 'policy', 'codec', 'kernel'],
    'Records are folded from what the call tells: pass it in.',
  ),
  layer(
    'call-knows-below',
    'call',
    ['cdr', 'sip', 'media', 'policy', 'codec', 'kernel'],
    'A call asks by effects and is answered by inputs; it does not know who carries them out.',
  ),
  layer(
    'engine-knows-below',
    'engine',
    ['call', 'cdr', 'sip', 'media', 'policy', 'codec', 'kernel'],
    'The engine does no I/O: emit an effect, and let a shell carry it out.',
  ),
  layer(
    'shell-knows-ports',
    'shell',
    ['engine/ports', 'codec', 'kernel'],
    'A shell carries out and decides nothing. The types it needs are exported by #engine/ports; decisions belong in call or policy.',
  ),
  layer(
    'media-process-knows-media',
    'media-process',
    ['engine/ports', 'shell/log', 'media', 'codec', 'kernel'],
    'The media process knows sessions and packets, not calls: extend the plan in #codec/media-control.',
  ),
  layer(
    'api-knows-engine',
    'api',
    ['engine', 'shell', 'codec', 'kernel'],
    'The API talks to the engine by its commands and queries.',
  ),
  layer(
    'client-knows-nobody',
    'client',
    [],
    'Who uses the API knows it by its description: types come from docs/openapi.json.',
  ),
  layer(
    'phone-knows-sip',
    'phone',
    ['sip', 'media', 'codec', 'kernel'],
    'A phone is at the other end of the wire: it knows the protocols, and nothing of the program.',
  ),
  layer(
    'cli-knows-no-call',
    'cli',
    ['app', 'client', 'phone', 'shell', 'engine/ports', 'cdr', 'sip', 'codec', 'kernel'],
    'A command starts the program, reads its files, asks the running program, or speaks SIP to it from outside.',
  ),
  {
    name: 'ports-stand-alone',
    comment:
      'The ports are types that shells import: they may not pull the engine in. Move the type into src/engine/ports.',
    severity: 'error',
    from: { path: '^src/engine/ports/', pathNot: tests },
    to: { path: '^src/(?:engine/(?!ports/)|call/)' },
  },
  {
    name: 'shells-stand-alone',
    comment: 'Shells do not know each other: src/app joins them.',
    severity: 'error',
    from: { path: '^src/shell/([^/]+)/', pathNot: tests },
    to: { path: '^src/shell/', pathNot: '^src/shell/$1/' },
  },
  {
    name: 'enter-by-the-door',
    comment: 'A module is entered through its index.ts: export there what others need (#sip/transaction, #kernel …).',
    severity: 'error',
    from: { path: `^src/(${module})/`, pathNot: tests },
    to: { path: '^src/', pathNot: ['^src/$1/', door] },
  },
  {
    name: 'no-climbing-out',
    comment:
      'A relative import stays in its module. Write the name of the door: #kernel, #codec/sdp … (package.json, "imports").',
    severity: 'error',
    from: { path: `^src/(${module})/` },
    to: { path: '^src/', pathNot: '^src/$1/', dependencyTypesNot: ['aliased-subpath-import'] },
  },
  {
    name: 'pure-layers-use-no-node',
    comment:
      'A pure layer has no clock, dice, disk or socket: take the value as an input, emit an effect, or move the code to src/shell.',
    severity: 'error',
    from: { path: pure, pathNot: tests },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'pure-layers-use-no-packages',
    // The allow-list of pure packages stands in pathNot.
    comment:
      'npm packages live at the rim (shell, media-process, api, cli, app). A pure one may be allowed here, with its reason in docs/dependencies.md.',
    severity: 'error',
    from: { path: pure, pathNot: tests },
    to: {
      dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'],
      pathNot: '^node_modules/@noble/hashes/',
    },
  },
  {
    name: 'simulator-for-tests-only',
    comment: 'The simulator is no part of the program.',
    severity: 'error',
    from: { pathNot: [tests, '^src/sim/', '^test/'] },
    to: { path: '^src/sim/' },
  },
  {
    name: 'no-cycle',
    comment: 'Two files that need each other are one file, or need a third that both import. Types count.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'shipped-code-uses-dependencies',
    comment: 'What src imports must be in "dependencies": devDependencies are not there when the package is installed.',
    severity: 'error',
    from: { path: '^src/', pathNot: [tests, '^src/sim/'] },
    to: { dependencyTypes: ['npm-dev', 'npm-optional', 'npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'src-does-not-look-up',
    comment: 'lab, test and scripts use src, never the other way.',
    severity: 'error',
    from: { path: '^src/', pathNot: tests },
    to: { path: '^(?:lab|test|scripts)/' },
  },
  {
    name: 'resolvable',
    comment: 'There is no such file, or no such door in package.json "imports".',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
];

export default {
  forbidden: rules,
  options: {
    parser: 'swc', // TypeScript 7 has no API for tools
    tsPreCompilationDeps: true, // imports of types count
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'node', 'import', 'default'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
