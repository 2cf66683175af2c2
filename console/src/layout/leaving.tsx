import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Sure } from '../parts/sure.tsx';
import { type Leaving, onLeaving } from '../parts/unsaved.ts';

/** Asks whoever leaves a page with something typed that is kept nowhere. */
export function LeavingQuestion() {
  const { t } = useTranslation();
  const [leaving, setLeaving] = useState<Leaving>();
  useEffect(() => onLeaving((next) => setLeaving(next)), []);
  if (!leaving) return null;
  return (
    <Sure
      title={t('leaving.title')}
      note={t('leaving.note')}
      act={t('leaving.go')}
      onAct={leaving.go}
      onClose={leaving.stay}
    />
  );
}
