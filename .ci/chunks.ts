/** What the build's naming function is given. */
interface Graph { getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null }

const PAGES = ['layouts/ShopperLayout', 'layouts/MerchantLayout', 'pages/shopper/MarketPage', 'pages/shopper/ProductPage', 'pages/shopper/StallPage', 'pages/shopper/CartPage', 'pages/shopper/CheckoutPage',
  'pages/shopper/OrdersPage', 'pages/shopper/OrderPage', 'pages/merchant/OrdersPage', 'pages/merchant/OrderPage', 'pages/merchant/DeskSettingsPage', 'pages/MessagesPage', 'pages/ConversationPage',
  'pages/RestorePage', 'pages/SignInPage', 'pages/SettingsPage']

/** Everything that one module loads before it can run. */
function closure(graph: Graph, root: string): ReadonlySet<string> {
  const seen = new Set<string>()
  const open = [root]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id))
      continue
    seen.add(id)
    open.push(...graph.getModuleInfo(id)?.importedIds ?? [])
  }
  return seen
}

/**
 * Which chunk a module goes into; null = the build's own choice. The build makes a chunk for every set of the hundred lazy
 * parts that share something: a hundred chunks of a few hundred bytes for one page, each compressed by itself. Here only the
 * pages count: what the start needs is one chunk, and so is what the same pages need. No page loads what it does not need,
 * and since whatever needs a module needs what that imports, chunks never import each other in a circle.
 * @param src folder of the sources, absolute
 */
export function chunkNames(src: string): (id: string, graph: Graph) => string | null {
  let start: ReadonlySet<string> | null = null
  let pages: readonly (readonly [root: string, needs: ReadonlySet<string>])[] = []
  return (id, graph) => {
    start ??= closure(graph, `${src}/app/main.ts`)
    if (pages.length === 0)
      pages = [...PAGES.map(page => `${src}/${page}.vue`), `${src}/composables/session.ts`].map(root => [root, closure(graph, root)] as const)
    if (start.has(id))
      return id.includes('/node_modules/') ? 'vendor' : id.endsWith('/app/main.ts') ? null : 'base'
    // A page stays its own: its name is how it is asked for.
    const own = id.split('?')[0]
    if (pages.some(([root]) => root === own))
      return null
    const signature = pages.map(([, needs]) => needs.has(id) ? '1' : '0').join('')
    return /1.*1/.test(signature) ? `s${Number.parseInt(signature, 2).toString(36)}` : null
  }
}
