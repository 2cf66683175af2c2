import { notifications } from '@mantine/notifications';
import i18next from 'i18next';
import { tell } from '../i18n/said/index.ts';

const closeButton = () => ({ closeButtonProps: { 'aria-label': i18next.t('common.close') } });

export function told(message: string): void {
  notifications.show({ message, color: 'teal', autoClose: 4_000, ...closeButton() });
}

/** Stays until somebody has read it. */
export function failed(title: string, error: Error): void {
  notifications.show({ title, message: tell(error.message), color: 'red', autoClose: false, ...closeButton() });
}
