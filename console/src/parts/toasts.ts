import { notifications } from '@mantine/notifications';

export function told(message: string): void {
  notifications.show({ message, color: 'teal', autoClose: 4_000 });
}

/** Stays until somebody has read it. */
export function failed(title: string, error: Error): void {
  notifications.show({ title, message: error.message, color: 'red', autoClose: false });
}
