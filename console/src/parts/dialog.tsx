import { Modal, type ModalProps } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** A dialog that is there as long as it is rendered; whoever closes it stands where he opened it. */
export function Dialog({ opened = true, ...rest }: Omit<ModalProps, 'opened'> & { readonly opened?: boolean }) {
  const { t } = useTranslation();
  useFocusBack();
  return <Modal opened={opened} closeButtonProps={{ 'aria-label': t('common.close') }} {...rest} />;
}

/** By what the newest dialog was opened, and before it what it was opened in. */
let openers: readonly HTMLElement[] = [];

function useFocusBack(): void {
  const [before] = useState(() => {
    const opener = openerNow();
    openers = opener?.closest('[role=dialog]') ? [opener, ...openers] : opener ? [opener] : [];
    return openers;
  });
  useEffect(
    () => () => {
      // What took its place has the focus by itself.
      if (document.activeElement === document.body) before.find(({ isConnected }) => isConnected)?.focus();
    },
    [before],
  );
}

/** What has the focus; an entry of a menu goes with its menu, so what opened that. */
function openerNow(): HTMLElement | undefined {
  const here = document.activeElement;
  const menu = here?.closest('[role=menu]');
  const opener = menu ? document.getElementById(menu.getAttribute('aria-labelledby') ?? '') : here;
  return opener instanceof HTMLElement && opener !== document.body ? opener : undefined;
}
