import type { Client, components } from '#client';
import { exitCodes, Failure } from '../failure.ts';
import type { Column } from '../output/fitted-table.ts';
import { printList } from '../output/output.ts';
import { ApiFailure, answered, openRemote } from '../rest/remote.ts';
import type { ShowOptions } from './acts.ts';
import { pathOf } from './edit-path.ts';

type Setting = components['schemas']['EffectiveSetting'];

const columns: readonly Column<Setting>[] = [
  { heading: 'SETTING', cell: ({ path }) => path.join('.'), least: 16 },
  { heading: 'VALUE', cell: ({ value, written }) => valueText(value, written), least: 16 },
  { heading: 'FROM', cell: originOf, colour: ({ from }) => (from === 'default' ? 'dim' : undefined), spare: 1 },
];

/** `OBJECT`: `trunks.itsp-a`, `media`, `trunks.itsp-a.capacity`; undefined: all. */
export async function showEffective(object: string | undefined, options: ShowOptions): Promise<void> {
  if (!options.effective)
    throw new Failure(
      'an object is shown with what holds of it: tandem config show --effective trunks.itsp-a',
      exitCodes.usage,
    );
  const path = object === undefined ? [] : pathOf(object).map(String);
  const found = await settingsAt((await openRemote(options)).client, path, options.draft ? 'draft' : 'file');
  if (found.length === 0) throw new Failure(`nothing holds of ${path.join('.')}: leave its end out to see what does.`);
  printList(process.stdout, options.output, found, columns);
}

/** The second step names an object where the section is a list, and a key where it is not. */
async function settingsAt(client: Client, path: readonly string[], of: 'draft' | 'file'): Promise<readonly Setting[]> {
  const asked = async (more: { readonly section?: string; readonly name?: string }) =>
    (await answered(client.GET('/api/v1/configuration/effective', { params: { query: { ...more, of } } }))).items;
  const below = (items: readonly Setting[], keys: readonly string[]) =>
    items.filter((one) => keys.every((key, i) => one.path[i] === key));
  const [section, name, ...rest] = path;
  if (section === undefined) return asked({});
  if (name === undefined) return asked({ section });
  try {
    return below(await asked({ section, name }), rest);
  } catch (error) {
    if (!(error instanceof ApiFailure && error.status === 404)) throw error;
    return below(await asked({ section }), [name, ...rest]);
  }
}

function valueText(value: string | undefined, written: string | undefined): string {
  const said = value ?? '(not set)';
  return written === undefined ? said : `${said}  by ${written}`;
}

function originOf({ from, line }: Pick<Setting, 'from' | 'line'>): string {
  const where = line === undefined ? '' : `line ${line}`;
  if (from === 'file') return where;
  return where === '' ? from : `${from}, ${where}`;
}
