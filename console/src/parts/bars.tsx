import { Anchor, Text } from '@mantine/core';
import { Link } from 'wouter';
import { useFormats } from './format.ts';

/** Few things by how many, the most first. */
export function Bars({
  counts,
  most = 8,
  tones = {},
  nameOf = (name) => name,
  hrefOf,
}: {
  counts: Readonly<Record<string, number>>;
  most?: number;
  /** What a name is called. */
  nameOf?: (name: string) => string;
  /** Where more of it stands. */
  hrefOf?: (name: string) => string;
  tones?: Readonly<Record<string, string>>;
}) {
  const { count } = useFormats();
  const rows = Object.entries(counts)
    .sort((a, b) => b[1] - a[1])
    .slice(0, most);
  const highest = rows[0]?.[1] ?? 1;
  return (
    <table className="bars">
      <tbody>
        {rows.map(([name, times]) => (
          <tr key={name}>
            <th scope="row">
              {hrefOf ? (
                <Anchor component={Link} href={hrefOf(name)} inherit underline="always">
                  {nameOf(name)}
                </Anchor>
              ) : (
                nameOf(name)
              )}
            </th>
            <td className="bar-cell">
              <div
                style={{ width: `${(times / highest) * 100}%`, background: tones[name] ?? 'var(--tandem-accent)' }}
              />
            </td>
            <td className="bar-count">
              <Text span size="sm">
                {count(times)}
              </Text>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
