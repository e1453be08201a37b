import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// `npm run dev -w web` expects a running gateway on 8080.
export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ['source', 'module', 'browser', 'development|production', 'default'] },
  worker: { format: 'es' },
  build: { chunkSizeWarningLimit: 1500, rollupOptions: { input: ['index.html', 'public.html'] } },
  server: {
    proxy: {
      '/api': 'http://127.0.0.1:8080',
      '/room': { target: 'ws://127.0.0.1:8080', ws: true },
      '/live': { target: 'ws://127.0.0.1:8080', ws: true },
    },
  },
});
