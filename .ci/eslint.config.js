import { defineConfigWithVueTs, vueTsConfigs } from '@vue/eslint-config-typescript'
import pluginVue from 'eslint-plugin-vue'
import { fileURLToPath } from 'node:url'

/** The outside world: below the doors nobody touches it. */
const OUTSIDE = ['Date', 'crypto', 'fetch', 'WebSocket', 'localStorage', 'sessionStorage', 'indexedDB', 'window', 'document', 'navigator', 'console', 'setTimeout', 'setInterval']
const outside = names => names.map(name => ({ name, message: 'Below the doors time, chance and I/O are handed in (docs/architecture.md).' }))
const noRandom = ['error', { object: 'Math', property: 'random', message: 'Chance is handed in.' }]
const storageOnly = ['localStorage', 'sessionStorage', 'indexedDB'].map(name => ({ name, message: 'Only src/storage touches what rests on the device.' }))

export default defineConfigWithVueTs(
  { basePath: fileURLToPath(new URL('..', import.meta.url)) },
  { ignores: ['dist/**', 'dev-dist/**', 'node_modules/**', 'reports/**', '.data/**', 'screens/**', 'test-results/**', 'playwright-report/**', 'src/domain/money/currencies.ts'] },
  pluginVue.configs['flat/essential'],
  vueTsConfigs.strict,
  {
    files: ['**/*.{ts,vue}'],
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
      'no-console': 'error',
      'eqeqeq': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/unified-signatures': 'off',
      'vue/multi-word-component-names': 'off',
      'vue/no-v-html': 'error',
      'vue/no-v-text-v-html-on-component': 'error',
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/define-props-declaration': ['error', 'type-based'],
      'vue/define-emits-declaration': ['error', 'type-based'],
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
    },
  },
  { files: ['src/**/*.{ts,vue}'], ignores: ['src/storage/**'], rules: { 'no-restricted-globals': ['error', ...storageOnly] } },
  { files: ['src/domain/**/*.ts', 'src/flows/**/*.ts'], rules: { 'no-restricted-globals': ['error', ...outside(OUTSIDE)], 'no-restricted-properties': noRandom } },
  { files: ['src/ports/**/*.ts'], rules: { 'no-restricted-globals': ['error', ...outside(OUTSIDE)] } },
  // No rule here needs types, and vue-tsc has them: the parser need not build the program a second time.
  { files: ['**/*.{ts,vue}'], languageOptions: { parserOptions: { projectService: false, project: null } } },
  // Refs used as their values are a type error too; this rule follows every import of every file, a third of the time.
  { files: ['src/{domain,flows,ports,nostr,payments,storage}/**/*.ts', 'tests/**/*.ts', 'sandbox/**/*.ts'], rules: { 'vue/no-ref-as-operand': 'off' } },
  // A test states one story; a sandbox and the scripts speak to the person at the terminal.
  { files: ['tests/**/*.ts', 'sandbox/**/*.ts'], rules: { 'no-console': 'off' } },
)
