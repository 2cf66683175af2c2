import { Text } from '@mantine/core';
import { useFormats } from './format.ts';

/** Few things by how many, the most first. */
export function Bars({
  counts,
  most = 8,
  tones = {},
}: {
  counts: Readonly<Record<string, number>>;
  most?: number;
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
            <th scope="row">{name}</th>
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
