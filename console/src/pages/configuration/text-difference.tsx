import { useTranslation } from 'react-i18next';
import type { DiffLine } from '../../configuration/line-diff.ts';

const signs = { same: ' ', gone: '−', new: '+', gap: '⋯' } as const;

/** Two texts laid over each other, line by line. */
export function TextDifference({ lines }: { lines: readonly DiffLine[] }) {
  const { t } = useTranslation();
  if (lines.length === 0) return <p>{t('configuration.sameText')}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keyboard too.
    <section className="diff surface" tabIndex={0} aria-label={t('configuration.lines')}>
      <table>
        <tbody>
          {lines.map(({ kind, text, before, after }) => (
            <tr key={`${kind} ${before} ${after}`} className={`diff-${kind}`}>
              <td className="diff-number">{kind !== 'gap' && before}</td>
              <td className="diff-number">{kind !== 'gap' && after}</td>
              <td className="diff-sign">
                <span aria-hidden="true">{signs[kind]}</span>
                {(kind === 'gone' || kind === 'new') && (
                  <span className="sr">{t(kind === 'gone' ? 'configuration.was' : 'configuration.is')} </span>
                )}
              </td>
              <td className="diff-text">{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
