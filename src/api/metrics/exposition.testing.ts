export interface Read {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads the text format of Prometheus strictly; throws where it is not kept to. By another hand than what writes it. */
export function readExposition(text: string): {
  samples: Read[];
  types: Map<string, string>;
  helps: Map<string, string>;
} {
  const samples: Read[] = [];
  const types = new Map<string, string>();
  const helps = new Map<string, string>();
  const done = new Set<string>();
  let family = '';
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line has no end');
  for (const line of text.split('\n').slice(0, -1)) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line);
    if (comment) {
      const [, kind, name, rest] = comment as unknown as [string, string, string, string];
      const into = kind === 'HELP' ? helps : types;
      if (into.has(name)) throw new Error(`${kind} of ${name} twice`);
      into.set(name, rest);
      if (kind === 'TYPE' && !/^(counter|gauge|histogram|summary)$/.test(rest)) throw new Error(`no type: ${line}`);
      if (family !== name) {
        if (done.has(name)) throw new Error(`${name} stands in two places`);
        done.add(name);
        family = name;
      }
      continue;
    }
    const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (!sample) throw new Error(`not a line: ${line}`);
    const [, name, pairs = '', value] = sample as unknown as [string, string, string | undefined, string];
    const base = types.get(family) === 'histogram' ? name.replace(/_(bucket|sum|count)$/, '') : name;
    if (base !== family) throw new Error(`${name} below ${family}`);
    samples.push({ name, labels: labelsOf(pairs), value: Number(value.replace('Inf', 'Infinity')) });
  }
  const keys = samples.map(({ name, labels }) => `${name} ${JSON.stringify(Object.entries(labels).sort())}`);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw new Error(`twice: ${twice}`);
  return { samples, types, helps };
}

function labelsOf(pairs: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let at = 0;
  while (at < pairs.length) {
    const equals = pairs.indexOf('="', at);
    if (equals < 0) throw new Error(`no label: ${pairs.slice(at)}`);
    const name = pairs.slice(at, equals);
    let value = '';
    for (at = equals + 2; pairs[at] !== '"'; at++) {
      if (at >= pairs.length) throw new Error(`a label without end: ${pairs}`);
      if (pairs[at] !== '\\') value += pairs[at];
      else value += pairs[++at] === 'n' ? '\n' : pairs[at];
    }
    labels[name] = value;
    at++;
    if (at < pairs.length && pairs[at++] !== ',') throw new Error(`no comma: ${pairs}`);
  }
  return labels;
}
