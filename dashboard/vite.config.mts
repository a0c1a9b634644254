import { defineConfig } from 'vite';

/** Where `npm run dashboard:dev` sends requests of the API: `windlass dev` or the demo. */
const api = process.env['WINDLASS_URL'] ?? 'http://127.0.0.1:8083';

export default defineConfig({
  root: import.meta.dirname,
  build: {
    outDir: '../dist/dashboard',
    emptyOutDir: true,
    target: 'baseline-widely-available',
    // An inline module would need a hole in the Content-Security-Policy.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      // Packages mark modules for a React server, which there is none of.
      onLog: (level, log, report) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
    },
  },
  server: { proxy: { '/api': api, '/auth': api } },
});
