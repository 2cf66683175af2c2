import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { judge, Router } from '#engine/ports';
import { formatProblems, readConfiguration } from '#shell/config';

const folder = new URL('../examples/topologies/', import.meta.url).pathname;

test.each(readdirSync(folder).filter((name) => name.endsWith('.yaml')))(
  '%s does with its sample calls what it says',
  (name) => {
    const loaded = readConfiguration(folder + name, {});
    if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
    const { samples = [] } = loaded.configuration;
    const router = new Router(loaded.configuration);
    expect(samples.length).toBeGreaterThan(3);
    for (const sample of samples) expect([sample.name, ...judge(router, sample).differences]).toEqual([sample.name]);
  },
);

test('the organisation with its trunks on machines of their own makes the calls of the one that is a single program, to the letter', () => {
  const samplesOf = (name: string) => {
    const loaded = readConfiguration(`${folder}${name}.yaml`, {});
    return loaded.ok ? loaded.configuration.samples : formatProblems(loaded.problems);
  };
  expect(samplesOf('stand-alone-pool')).toEqual(samplesOf('voip-only'));
});
