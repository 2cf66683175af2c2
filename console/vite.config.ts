import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// What `tandem run` serves: no page may need anything from elsewhere.
export default defineConfig({
  plugins: [react()],
  build: { outDir: '../dist/console', emptyOutDir: true, assetsInlineLimit: 0, chunkSizeWarningLimit: 900 },
  server: { proxy: { '/api': process.env.TANDEM_API ?? 'http://127.0.0.1:8080' } },
});
