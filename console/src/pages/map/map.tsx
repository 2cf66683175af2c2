import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { answer, api, type Schemas } from '../../api/client.ts';
import { Empty } from '../../parts/empty.tsx';
import { Loading } from '../../parts/loading.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { toneOfState, useTrunks } from '../trunks/trunks-data.ts';
import { mapOf, mapSizes } from './layout.ts';
import './map.css';

const width = 880;
const box = 270;
const inner = 14;
const centre = 70;

/** Who is joined with whom by us: sites, links and trunks, each with how it is. A trunk leads to its page. */
export default function MapPage() {
  const { t } = useTranslation();
  const { data: trunks, error, refetch } = useTrunks();
  const { data: capacity } = useQuery({
    queryKey: ['capacity'],
    queryFn: () => answer(api.GET('/api/v1/capacity')),
    refetchInterval: 5_000,
  });
  const { boxes, height } = useMemo(() => mapOf(trunks ?? []), [trunks]);
  if (error && !trunks) return <Trouble error={error} onRetry={() => void refetch()} />;
  if (!trunks) return <Loading />;
  if (trunks.length === 0)
    return (
      <>
        <PageTitle title={t('map.title')} />
        <Empty icon="map" title={t('map.empty')}>
          {t('map.emptyNote')}
        </Empty>
      </>
    );
  const middle = height / 2;
  const most = Math.max(1, ...trunks.map(({ active }) => active));
  const links = (capacity?.items ?? []).filter(({ kind }) => kind === 'link');
  return (
    <>
      <PageTitle title={t('map.title')} note={t('map.note')} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls where it is narrow */}
      <div className="surface map" tabIndex={0}>
        {/* biome-ignore lint/a11y/useSemanticElements: a drawing whose parts are links */}
        <svg viewBox={`-8 -8 ${width + 16} ${height + 16}`} role="group" aria-label={t('map.title')}>
          {boxes.flatMap(({ isInside, trunks: own }) =>
            own.map(({ trunk, y }) => {
              const from = isInside ? box - inner : width - box + inner;
              const to = isInside ? width / 2 - centre : width / 2 + centre;
              const at = y + mapSizes.trunk / 2;
              const turn = (from + to) / 2;
              return (
                <path
                  key={trunk.name}
                  d={`M${from} ${at}C${turn} ${at} ${turn} ${middle} ${to} ${middle}`}
                  className={`wire wire-${trunk.state}`}
                  strokeWidth={1.5 + (trunk.active / most) * 7}
                  stroke={`var(--tandem-${toneOfState(trunk.state)})`}
                />
              );
            }),
          )}
          <rect x={width / 2 - centre} y={middle - 30} width={centre * 2} height={60} rx={10} className="map-us" />
          <text x={width / 2} y={middle + 6} className="map-us-name">
            {t('map.tandem')}
          </text>
          {boxes.map(({ site, isInside, y, height: tall, trunks: own }) => {
            const x = isInside ? 0 : width - box;
            const link = links.find(({ name }) => name.endsWith(` ${site}`));
            return (
              <g key={`${isInside} ${site}`}>
                <rect x={x} y={y} width={box} height={tall} rx={10} className="map-site" />
                <text x={x + inner} y={y + 22} className="map-site-name">
                  {site === '' ? (isInside ? t('map.inside') : t('map.outside')) : site}
                </text>
                {link && site !== '' && (
                  <text x={x + box - inner} y={y + 22} className="map-link">
                    {t('home.ofAudio', { used: link.audioKbits ?? 0, limit: link.audioLimitKbits ?? '∞' })}
                  </text>
                )}
                {own.map(({ trunk, y: top }) => (
                  <TrunkBox key={trunk.name} trunk={trunk} x={x + inner} y={top} width={box - 2 * inner} />
                ))}
              </g>
            );
          })}
        </svg>
      </div>
    </>
  );
}

function TrunkBox({ trunk, x, y, width: wide }: { trunk: Schemas['Trunk']; x: number; y: number; width: number }) {
  const { t } = useTranslation();
  const { name, state, active, limit } = trunk;
  return (
    <Link href={`/trunks/${encodeURIComponent(name)}`} className="map-trunk">
      <rect x={x} y={y} width={wide} height={mapSizes.trunk} rx={8} />
      <circle cx={x + 16} cy={y + mapSizes.trunk / 2} r={6} fill={`var(--tandem-${toneOfState(state)})`} />
      <text x={x + 32} y={y + 19} className="map-trunk-name">
        {name.length > 24 ? `${name.slice(0, 23)}…` : name}
      </text>
      <text x={x + 32} y={y + 36} className="map-trunk-note">
        {` ${t(`trunks.states.${state}`)} · ${t('trunks.calls')}: ${limit === undefined ? active : t('trunks.ofLimit', { active, limit })}`}
      </text>
    </Link>
  );
}
