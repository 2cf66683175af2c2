import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client.ts';

/** Px; as the style sheet has it. */
const lineHeight = 20;
const padding = 8;
const spare = 20;

export interface EditorHandle {
  /** Puts the cursor there; both from 1. */
  go(line: number, column: number): void;
}

interface EditorProps {
  value: string;
  onChange: (value: string) => void;
  onSave: () => void;
  findings: readonly Schemas['Finding'][];
  handle: RefObject<EditorHandle | null>;
}

/** A text with numbered lines, of which those are marked that something was found in. A plain text area: keyboards, readers and phones know it. */
export function Editor({ value, onChange, onSave, findings, handle }: EditorProps) {
  const { t } = useTranslation();
  const area = useRef<HTMLTextAreaElement>(null);
  const [top, setTop] = useState(0);
  const [high, setHigh] = useState(600);
  const count = value.split('\n').length;
  const marks = new Map<number, Schemas['Finding']>();
  for (const finding of findings) if (marks.get(finding.line)?.severity !== 'error') marks.set(finding.line, finding);

  useLayoutEffect(() => {
    handle.current = {
      go(line, column) {
        const element = area.current;
        if (!element) return;
        const lines = element.value.split('\n');
        const start = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
        const at = start + Math.min(column - 1, lines[line - 1]?.length ?? 0);
        element.focus();
        element.setSelectionRange(at, start + (lines[line - 1]?.length ?? 0));
        element.scrollTop = Math.max(0, (line - 5) * lineHeight);
      },
    };
  }, [handle]);
  useEffect(() => {
    const element = area.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setHigh(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const first = Math.max(1, Math.floor(top / lineHeight) - spare);
  const last = Math.min(count, Math.ceil((top + high) / lineHeight) + spare);
  const shown = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
  const placed = (line: number) => ({ transform: `translateY(${padding + (line - 1) * lineHeight - top}px)` });
  return (
    <div className="editor surface">
      <div className="editor-gutter" aria-hidden="true">
        {shown.map((line) => (
          <div key={line} className={`editor-number ${marks.get(line)?.severity ?? ''}`} style={placed(line)}>
            {line}
          </div>
        ))}
      </div>
      <div className="editor-text">
        {shown.map((line) => {
          const mark = marks.get(line);
          return (
            mark && (
              <div key={line} className={`editor-mark ${mark.severity}`} style={placed(line)} aria-hidden="true" />
            )
          );
        })}
        <textarea
          ref={area}
          value={value}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
          onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}
          onKeyDown={(event) => {
            if (event.key === 's' && (event.ctrlKey || event.metaKey)) {
              event.preventDefault();
              onSave();
            }
          }}
          aria-label={t('configuration.text')}
          aria-describedby="editor-problems"
          aria-invalid={findings.some(({ severity }) => severity === 'error')}
          spellCheck={false}
          autoCapitalize="off"
          autoCorrect="off"
          autoComplete="off"
          wrap="off"
        />
      </div>
    </div>
  );
}
