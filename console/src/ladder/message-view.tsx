import { Switch, Tabs, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { preciseClock } from '../parts/format.ts';
import { counterpartOf, type FieldPair, fieldPairs, type Message, type Pair, pairsOf, sdpOf } from './ladder.ts';

/** A message: its text, its session description and its header fields beside those of the same one on the other leg. */
export function MessageView({ messages, index }: { messages: readonly Message[]; index: number }) {
  const { t } = useTranslation();
  const [onlyChanged, setOnlyChanged] = useState(true);
  const message = messages[index];
  if (!message) return null;
  const at = counterpartOf(messages, index);
  const other = at === undefined ? undefined : messages[at]!;
  const sdp = sdpOf(message.text);
  const otherSdp = other && sdpOf(other.text);
  const pairs = other ? fieldPairs(message.text, other.text) : [];
  const shown = onlyChanged ? pairs.filter(({ isSame }) => !isSame) : pairs;
  const none = (
    <Text size="sm" c="dimmed" p="sm">
      {t('call.noCounterpart')}
    </Text>
  );
  return (
    <>
      <Text size="sm" fw={600} mb={2} style={{ overflowWrap: 'anywhere' }}>
        {message.firstLine}
      </Text>
      <Text size="xs" c="dimmed" mb="xs">
        {preciseClock(message.atMs)} · {message.transport.toUpperCase()} ·{' '}
        {message.sent ? `${message.local} → ${message.remote}` : `${message.remote} → ${message.local}`}
      </Text>
      <Tabs defaultValue="message" keepMounted={false}>
        <Tabs.List mb="xs">
          <Tabs.Tab value="message">{t('call.message')}</Tabs.Tab>
          <Tabs.Tab value="compare">{t('call.compare')}</Tabs.Tab>
          <Tabs.Tab value="sdp">{t('call.sdp')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="message">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
          <pre className="message-text" tabIndex={0}>
            {message.text}
          </pre>
        </Tabs.Panel>
        <Tabs.Panel value="compare">
          {other ? (
            <>
              <Switch
                size="sm"
                mb="xs"
                label={t('call.changed')}
                checked={onlyChanged}
                onChange={({ currentTarget: { checked } }) => setOnlyChanged(checked)}
              />
              {shown.length === 0 ? <Text size="sm">{t('call.sameHeaders')}</Text> : <Pairs pairs={shown} />}
            </>
          ) : (
            none
          )}
        </Tabs.Panel>
        <Tabs.Panel value="sdp">
          {sdp === undefined && otherSdp === undefined ? (
            <Text size="sm" c="dimmed" p="sm">
              {t('call.noSdp')}
            </Text>
          ) : (
            <Pairs pairs={pairsOf(linesOf(sdp), linesOf(otherSdp))} />
          )}
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function linesOf(text = ''): readonly string[] {
  return text.split('\r\n').filter((line) => line !== '');
}

function Pairs({ pairs }: { pairs: readonly (Pair | FieldPair)[] }) {
  const { t } = useTranslation();
  const isNamed = pairs.some((pair) => 'name' in pair);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <div className="pairs-scroller" tabIndex={0}>
      <table className="pairs">
        <thead>
          <tr>
            {isNamed && (
              <th scope="col" style={{ width: '24%' }}>
                {t('call.header')}
              </th>
            )}
            <th scope="col">{t('call.here')}</th>
            <th scope="col">{t('call.there')}</th>
          </tr>
        </thead>
        <tbody>
          {pairs.map((pair, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name of their own
            <tr key={i} className={pair.isSame ? '' : 'differs'}>
              {'name' in pair && <th scope="row">{pair.name}</th>}
              <td>{pair.left}</td>
              <td>{pair.right}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
