import { type CSSVariablesResolver, createTheme, Modal } from '@mantine/core';

/** The system's own letters: nothing is fetched from elsewhere. */
export const theme = createTheme({
  primaryColor: 'blue',
  primaryShade: 8,
  autoContrast: true,
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans TC", "Noto Sans CJK TC", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "Noto Sans Mono", "DejaVu Sans Mono", monospace',
  headings: { fontWeight: '600' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    // The head of a dialog is no head of the page.
    Modal: Modal.extend({ defaultProps: { attributes: { header: { role: 'presentation' } } } }),
  },
});

/** Quiet text that can still be read (WCAG 2.2 1.4.3). */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f8f9fb',
    '--mantine-color-dimmed': '#545d69',
    '--mantine-color-placeholder': '#5f6873',
    '--mantine-color-error': '#b42318',
    '--tandem-surface': '#ffffff',
    '--tandem-line': '#dde1e7',
    '--tandem-good': '#1a7f37',
    '--tandem-bad': '#b42318',
    '--tandem-warn': '#8a5300',
    '--tandem-quiet': '#57606a',
    '--tandem-accent': '#1864ab',
  },
  dark: {
    '--mantine-color-body': '#15181d',
    '--mantine-color-dimmed': '#a8b1bd',
    '--mantine-color-placeholder': '#99a2ae',
    '--mantine-color-error': '#ff8a80',
    '--tandem-surface': '#1d2127',
    '--tandem-line': '#363d47',
    '--tandem-good': '#56d364',
    '--tandem-bad': '#ff8a80',
    '--tandem-warn': '#f0b14a',
    '--tandem-quiet': '#a8b1bd',
    '--tandem-accent': '#74b9ff',
  },
});
