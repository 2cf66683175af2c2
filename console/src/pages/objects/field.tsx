import {
  Button,
  Fieldset,
  Group,
  Input,
  NativeSelect,
  PasswordInput,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client.ts';
import type { Tree, Value } from '../../configuration/edits.ts';
import { orderCounts, usualBelow } from '../../configuration/objects.ts';
import {
  fieldOf,
  fromList,
  inFull,
  inList,
  inShort,
  resolve,
  type Schema,
  usualText,
} from '../../configuration/schema.ts';
import { inOrder, Movers, useOrder } from '../../parts/order.tsx';
import { Words } from '../../parts/words.tsx';

export interface FieldProps {
  name: string;
  schema: Schema;
  root: Schema;
  value: Value | undefined;
  /** Undefined: it is not to stand in the file. */
  onChange: (value: Value | undefined) => void;
  /** What holds, where the file says nothing here: by path, ` ` between. */
  effective: ReadonlyMap<string, Schemas['EffectiveSetting']>;
  /** Below the object. */
  path: string;
  required?: boolean;
  /** Names that may stand here, by key. */
  names: (key: string) => readonly string[];
  errors: ReadonlyMap<string, string>;
  isLocked?: boolean;
  /** What the key is in words, where it is a code of a standard. */
  label?: string;
}

/** One key of the file: asked for as its schema says. */
export function Field(props: FieldProps) {
  const { name, value, onChange, required = false, isLocked = false, names, errors, path } = props;
  const { t } = useTranslation();
  const list = useId();
  const schema = resolve(props.schema, props.root);
  const kind = fieldOf(schema);
  const text = typeof value === 'string' ? value : '';
  const change = (next: string) => onChange(next === '' ? undefined : next);
  const usual = useUsual(props, schema);
  const common = {
    label: props.label ?? name,
    // Its words say it already.
    ...(props.label === undefined && { description: <Help schema={schema} usual={usual} /> }),
    required,
    withAsterisk: required,
    error: kind === 'lines' || kind === 'choices' ? allBelow(errors, path) : errors.get(path),
    disabled: isLocked,
    'data-path': path,
  };
  switch (kind) {
    case 'choice':
    case 'switch': {
      const choices = kind === 'switch' ? ['true', 'false'] : schema.enum!;
      const data = [
        { value: '', label: usual === undefined ? t('objects.notSaid') : t('objects.usually', { value: usual }) },
        // What stands there may be a variable.
        ...[...new Set([...choices, ...(text === '' ? [] : [text])])].map((one) => ({ value: one, label: one })),
      ];
      return (
        <NativeSelect
          {...common}
          value={text}
          onChange={({ currentTarget }) => change(currentTarget.value)}
          data={data}
        />
      );
    }
    case 'secret':
      return (
        <PasswordInput
          {...common}
          value={text}
          onChange={({ currentTarget }) => change(currentTarget.value)}
          autoComplete="off"
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.show') }}
        />
      );
    case 'lines':
    case 'choices': {
      const entries = inList(value).filter((one) => typeof one === 'string');
      const put = (lines: readonly string[]) =>
        onChange(lines.length === 1 && schema['x-single'] ? lines[0] : lines.length === 0 ? undefined : lines);
      const area = (
        <Textarea
          {...common}
          description={
            <Help
              schema={schema}
              usual={usual}
              more={t('objects.eachLine', { choices: (schema.items?.enum ?? names(name)).join(', ') })}
            />
          }
          value={entries.join('\n')}
          // An empty line is where the next comes.
          onChange={({ currentTarget }) => put(currentTarget.value === '' ? [] : currentTarget.value.split('\n'))}
          autosize
          minRows={1}
          spellCheck={false}
        />
      );
      return orderCounts(name) && entries.length > 1 ? (
        <div>
          {area}
          <OrderedLines name={name} lines={entries} onChange={put} />
        </div>
      ) : (
        area
      );
    }
    case 'pair':
      return <Pair {...props} schema={schema} usual={usual} />;
    case 'map':
      return <MapField {...props} schema={schema} />;
    case 'maps':
      return <ListField {...props} schema={schema} />;
    default: {
      const known = names(name);
      return (
        <>
          <TextInput
            {...common}
            value={text}
            onChange={({ currentTarget }) => change(currentTarget.value)}
            inputMode={kind === 'number' ? 'numeric' : 'text'}
            placeholder={schema['x-range']}
            spellCheck={false}
            {...(known.length > 0 && { list })}
          />
          {known.length > 0 && (
            <datalist id={list}>
              {known.map((one) => (
                <option key={one} value={one} />
              ))}
            </datalist>
          )}
        </>
      );
    }
  }
}

/** Two that belong together: the ends of a link. */
function Pair(props: FieldProps & { usual: string | undefined }) {
  const { name, schema, usual, value, onChange, path, required = false, isLocked, names, errors } = props;
  const { t } = useTranslation();
  const list = useId();
  const ends = inList(value).map((one) => (typeof one === 'string' ? one : ''));
  const put = (at: number, next: string) => {
    const both = [ends[0] ?? '', ends[1] ?? ''].with(at, next);
    onChange(both.every((end) => end === '') ? undefined : both);
  };
  return (
    <Input.Wrapper
      label={props.label ?? name}
      labelElement="div"
      description={<Help schema={schema} usual={usual} />}
      error={allBelow(errors, path)}
      withAsterisk={required}
      data-path={path}
    >
      <Group gap="xs" grow mt={4}>
        {[0, 1].map((at) => (
          <TextInput
            key={at}
            aria-label={t(at === 0 ? 'objects.oneEnd' : 'objects.otherEnd', { name })}
            value={ends[at] ?? ''}
            onChange={({ currentTarget }) => put(at, currentTarget.value)}
            required={required || ends.some((end) => end !== '')}
            disabled={isLocked === true}
            list={list}
            spellCheck={false}
          />
        ))}
      </Group>
      <datalist id={list}>
        {names(name).map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
    </Input.Wrapper>
  );
}

/** What holds while nothing stands here, and who says so. */
function useUsual({ effective, path, value }: FieldProps, schema: Schema): string | undefined {
  const { t } = useTranslation();
  const said = effective.get(path);
  if (value === undefined && said !== undefined && said.from !== 'file' && said.from !== 'default')
    return `${said.value ?? ''} (${said.from}, ${t('configuration.line', { line: said.line })})`;
  return usualText(schema);
}

/** What was found of a list and of each of its lines. */
function allBelow(errors: ReadonlyMap<string, string>, path: string): string | undefined {
  const found = [...errors].filter(([at]) => at === path || at.startsWith(`${path} `)).map(([, said]) => said);
  return found.length > 0 ? found.join(' ') : undefined;
}

/** What was found of a map or a list as a whole. */
function Found({ errors, path }: Pick<FieldProps, 'errors' | 'path'>) {
  const said = errors.get(path);
  return said !== undefined && <Input.Error mb="xs">{said}</Input.Error>;
}

function Help({ schema, usual, more }: { schema: Schema; usual: string | undefined; more?: string }) {
  const { t } = useTranslation();
  return (
    <>
      <Words>{schema.description}</Words>
      {schema['x-range'] && ` (${schema['x-range']})`} {more}
      {usual !== undefined && (
        <Text span inherit fw={600}>
          {' '}
          {t('objects.usually', { value: usual })}
        </Text>
      )}
    </>
  );
}

/** Keys below a key. It stands in the file when it is begun, or not at all. */
function MapField(props: FieldProps) {
  const { name, schema, value, onChange, path, required = false, isLocked } = props;
  const { t } = useTranslation();
  const map = inFull(value, schema);
  const isThere = value !== undefined || required;
  const inherits = [...props.effective].some(([key, { from }]) => key.startsWith(`${path} `) && from !== 'file');
  return (
    <Fieldset legend={name} className="wide" data-path={path}>
      <Text size="sm" c="dimmed" mb="xs">
        <Words>{schema.description}</Words>
      </Text>
      <Found {...props} />
      {isThere || inherits ? (
        <Keys {...props} map={map} isRequired={isThere} onChange={(next) => onChange(inShort(next, schema))} />
      ) : null}
      {!isLocked && !required && (
        <Group mt="xs">
          {isThere ? (
            <Button size="xs" variant="default" onClick={() => onChange(undefined)}>
              {t('objects.leaveOut', { name })}
            </Button>
          ) : (
            !inherits && (
              <Button size="xs" variant="default" onClick={() => onChange({})}>
                {t('objects.set', { name })}
              </Button>
            )
          )}
        </Group>
      )}
    </Fieldset>
  );
}

interface KeysProps extends Omit<FieldProps, 'onChange'> {
  map: Tree;
  isRequired: boolean;
  onChange: (next: Tree) => void;
}

/** What the standard calls a part of something: `A3`. */
const codes = /^[A-Z0-9]+$/;

/** The keys of a map: all of them, or those that it mostly has and one to add others by. */
function Keys({ map, isRequired, onChange, label: _, ...props }: KeysProps) {
  const { name, schema, path, isLocked } = props;
  const { t, i18n } = useTranslation();
  const [added, setAdded] = useState<readonly string[]>([]);
  const place = useRef<HTMLDivElement>(null);
  const keys = Object.keys(schema.properties ?? {});
  const usual = usualBelow(name);
  const isShown = (key: string) => usual === undefined || usual.includes(key) || key in map || added.includes(key);
  const hidden = keys.filter((key) => !isShown(key));
  const inWords = (key: string) => {
    const at = `objects.in.${name}.${key}`;
    return i18n.exists(at) ? [t(at as 'objects.form'), ...(codes.test(key) ? [`(${key})`] : [])].join(' ') : undefined;
  };
  const labelOf = (key: string) => {
    const label = inWords(key);
    return label === undefined ? {} : { label };
  };
  // Who adds one means to write it.
  const last = added.at(-1);
  useEffect(() => {
    if (last === undefined) return;
    place.current?.querySelector<HTMLElement>(`[data-path="${CSS.escape(`${path} ${last}`)}"]`)?.focus();
  }, [last, path]);
  return (
    <div ref={place}>
      <div className="settings">
        {keys.filter(isShown).map((key) => (
          <Field
            {...props}
            key={key}
            name={key}
            {...labelOf(key)}
            schema={schema.properties![key]!}
            value={map[key]}
            required={isRequired && (schema.required?.includes(key) ?? false)}
            path={`${path} ${key}`}
            onChange={(next) => onChange(treeWith(map, key, next))}
          />
        ))}
      </div>
      {hidden.length > 0 && !isLocked && (
        <NativeSelect
          mt="xs"
          maw={320}
          size="sm"
          label={t('objects.addField')}
          value=""
          onChange={({ currentTarget: { value } }) => setAdded((all) => [...all, value])}
          data={[
            { value: '', label: t('objects.pickField') },
            ...hidden.map((key) => ({ value: key, label: inWords(key) ?? key })),
          ]}
        />
      )}
    </div>
  );
}

function treeWith(map: Tree, key: string, next: Value | undefined): Tree {
  const { [key]: before, ...rest } = map;
  return next === undefined ? rest : before === undefined ? { ...rest, [key]: next } : { ...map, [key]: next };
}

interface OrderedLinesProps {
  name: string;
  lines: readonly string[];
  onChange: (lines: readonly string[]) => void;
}

/** Lines in an order that counts: the first is taken first. */
function OrderedLines({ name, lines, onChange }: OrderedLinesProps) {
  const { t } = useTranslation();
  const move = (from: number, to: number) => onChange(inOrder(lines, from, to));
  const { place, grip } = useOrder(move);
  return (
    <ol className="ordered" aria-label={t('objects.orderOf', { name })}>
      {lines.map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two lines may be the same.
        <li key={`${at} ${line}`} {...place(at)}>
          <span className="mono break">{line}</span>
          <Movers name={line} at={at} of={lines.length} onMove={move} grip={grip(at)} />
        </li>
      ))}
    </ol>
  );
}

/** Maps one after the other; their order counts. */
function ListField(props: FieldProps) {
  const { name, schema, root, value, onChange, path } = props;
  const { t } = useTranslation();
  const items = inList(value);
  const inner = resolve(schema.items, root);
  const put = (next: readonly Value[]) => onChange(fromList(next, schema));
  const move = (from: number, to: number) => put(inOrder(items, from, to));
  const { place, grip } = useOrder(move);
  return (
    <Fieldset legend={name} className="wide" data-path={path}>
      <Text size="sm" c="dimmed" mb="xs">
        <Words>{schema.description}</Words>
      </Text>
      <Found {...props} />
      <Stack gap="sm">
        {items.map((item, at) => {
          const map = inFull(item, inner);
          const label = typeof map.name === 'string' && map.name !== '' ? map.name : String(at + 1);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: they have no names of their own, and are told by their places.
            <Fieldset key={at} legend={label} {...place(at)}>
              <Found errors={props.errors} path={`${path} ${at}`} />
              <Keys
                {...props}
                schema={inner}
                map={map}
                isRequired
                path={`${path} ${at}`}
                onChange={(next) => put(items.with(at, inShort(next, inner)))}
              />
              <Group mt="xs" gap="xs">
                <Movers name={label} at={at} of={items.length} onMove={move} grip={grip(at)} />
                <Button size="xs" variant="default" onClick={() => put(items.toSpliced(at, 1))}>
                  {t('objects.leaveOut', { name: label })}
                </Button>
              </Group>
            </Fieldset>
          );
        })}
        <Group>
          <Button size="xs" variant="default" onClick={() => put([...items, {}])}>
            {t('objects.add', { name })}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}
