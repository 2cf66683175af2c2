/** Says `ready`, answers `ping`, and keeps its event loop from turning for as many ms as `{"hang": ms}` says. */
process.on('message', (message: { readonly kind?: string; readonly hang?: number }) => {
  if (message.kind === 'ping') process.send?.({ kind: 'pong' });
  if (message.hang === undefined) return;
  const end = performance.now() + message.hang;
  while (performance.now() < end);
});
process.on('disconnect', () => process.exit());
process.send?.({ kind: 'ready' });
