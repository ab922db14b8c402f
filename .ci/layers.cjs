// The import table of docs/architecture.md for dependency-cruiser. Changing it is a decision: write it down in docs/decisions.
const src = folders => `^src/(${folders.join('|')})/`

/** What each layer may import from our own source, itself included. */
const may = {
  domain: ['domain'],
  ports: ['domain', 'ports'],
  nostr: ['domain', 'ports', 'nostr'],
  payments: ['domain', 'ports', 'payments'],
  storage: ['domain', 'ports', 'storage'],
  workers: ['domain', 'ports', 'nostr', 'storage', 'workers'],
  flows: ['domain', 'ports', 'flows'],
  stores: ['domain', 'ports', 'stores', 'locales'],
  composables: ['domain', 'ports', 'flows', 'stores', 'composables', 'locales'],
  components: ['domain', 'components', 'locales'],
  layouts: ['domain', 'components', 'composables', 'stores', 'layouts', 'locales'],
  pages: ['domain', 'components', 'composables', 'stores', 'pages', 'layouts', 'locales'],
}

/** Packages that the foundation may stand on: pure ones only. */
const PURE = ['valibot', 'light-bolt11-decoder', '@noble/hashes', '@noble/curves', '@scure/base', 'nostr-tools/lib/(esm|types)/nip19']

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
    ...Object.entries(may).map(([layer, folders]) => ({
      name: `${layer}-imports-down`,
      severity: 'error',
      from: { path: src([layer]) },
      to: { path: '^src/', pathNot: src(folders) },
    })),
    { name: 'domain-is-pure', severity: 'error', from: { path: src(['domain']) }, to: { dependencyTypes: ['npm', 'npm-dev', 'core'], pathNot: `node_modules/(${PURE.join('|')})` } },
    { name: 'no-vue-below-stores', severity: 'error', from: { path: src(['domain', 'ports', 'nostr', 'payments', 'storage', 'workers', 'flows']) }, to: { path: 'node_modules/(vue|pinia|quasar|vue-router|@vueuse|@quasar)/' } },
    { name: 'sandbox-stays-out', severity: 'error', from: { path: '^src/' }, to: { path: '^(sandbox|tests)/' } },
    { name: 'nothing-imports-app', severity: 'error', from: { path: '^src/', pathNot: '^src/app/' }, to: { path: '^src/app/' } },
    { name: 'no-dev-packages', severity: 'error', from: { path: '^src/' }, to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/(virtual|vite|workbox-window)' } },
    { name: 'resolvable', severity: 'error', from: { path: '^src/' }, to: { couldNotResolve: true, pathNot: '^(virtual:|.*\\?worker|.*\\?url)' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'], extensions: ['.ts', '.vue', '.mjs', '.js', '.json', '.d.ts'] },
  },
}
