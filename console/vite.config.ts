import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// What `tandem run` serves: no page may need anything from elsewhere.
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: '../dist/console',
    // Browsers that know light-dark(): what is made of it for older ones needs colour schemes that are not Mantine's.
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    // Whose work goes along in the scripts, each with its licence, as those ask.
    license: { fileName: 'licences.md' },
  },
  server: { proxy: { '/api': process.env.TANDEM_API ?? 'http://127.0.0.1:8080' } },
});
