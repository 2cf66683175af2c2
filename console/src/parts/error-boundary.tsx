import { Component, type ReactNode } from 'react';
import { Trouble } from './trouble.tsx';

/** A page that breaks breaks alone: the menu stays, and it can be tried again. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error?: Error }> {
  override state: { error?: Error } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return <Trouble error={error} onRetry={() => this.setState({ error: undefined as never })} />;
  }
}
