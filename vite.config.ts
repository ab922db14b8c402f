/// <reference types="vitest/config" />
import { quasar, transformAssetUrls } from '@quasar/vite-plugin'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'

const setup = 'tests/support/setup.ts'

export default defineConfig({
  // Relative, so that the build runs from any folder of any web server.
  base: './',
  plugins: [
    vue({ template: { transformAssetUrls } }),
    quasar({ sassVariables: false }),
    ...(process.env['VITEST'] ? [] : [VitePWA({ injectRegister: false, strategies: 'generateSW', registerType: 'prompt' })]),
  ],
  worker: { format: 'es' },
  build: { target: 'es2022', reportCompressedSize: false },
  test: {
    projects: [
      { extends: true, test: { name: 'unit', environment: 'node', include: ['tests/unit/**/*.test.ts', 'tests/interop/**/*.test.ts'] } },
      { extends: true, test: { name: 'component', environment: 'happy-dom', include: ['tests/component/**/*.test.ts'], setupFiles: [setup], server: { deps: { inline: ['quasar'] } } } },
    ],
  },
})
