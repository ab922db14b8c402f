import { nextTick } from 'vue'
import { createRouter, createWebHashHistory, type RouteLocationNormalized, type Router, type RouteRecordRaw, type RouterHistory } from 'vue-router'
import words from '../locales/routes.en.json'
import { hasCome, reportMissing } from './essential'

const shop = () => import('../layouts/ShopperLayout.vue')
const desk = () => import('../layouts/MerchantLayout.vue')

/** Every page is a chunk of its own: who only looks around does not load the desk. */
const routes: readonly RouteRecordRaw[] = [
  {
    path: '/',
    component: shop,
    children: [
      { path: '', component: () => import('../pages/shopper/MarketPage.vue'), meta: { title: words.market } },
      { path: 'p/:naddr', component: () => import('../pages/shopper/ProductPage.vue'), meta: { title: words.product } },
      { path: 's/:naddr', component: () => import('../pages/shopper/StallPage.vue'), meta: { title: words.stall } },
      { path: 'cart', component: () => import('../pages/shopper/CartPage.vue'), meta: { title: words.cart } },
      { path: 'checkout/:naddr', component: () => import('../pages/shopper/CheckoutPage.vue'), meta: { title: words.checkout } },
      { path: 'orders', component: () => import('../pages/shopper/OrdersPage.vue'), meta: { title: words.orders } },
      { path: 'orders/:key', component: () => import('../pages/shopper/OrderPage.vue'), meta: { title: words.order } },
      { path: 'messages', component: () => import('../pages/MessagesPage.vue'), meta: { title: words.messages } },
      { path: 'messages/:person', component: () => import('../pages/ConversationPage.vue'), meta: { title: words.conversation } },
      { path: 'restore', component: () => import('../pages/RestorePage.vue'), meta: { title: words.restore } },
      { path: 'sign-in', component: () => import('../pages/SignInPage.vue'), meta: { title: words.signIn } },
      { path: 'you', component: () => import('../pages/SettingsPage.vue'), meta: { title: words.you } },
    ],
  },
  {
    path: '/desk',
    component: desk,
    redirect: '/desk/orders',
    children: [
      { path: 'orders', component: () => import('../pages/merchant/OrdersPage.vue'), meta: { title: words.deskOrders } },
      { path: 'orders/:key', component: () => import('../pages/merchant/OrderPage.vue'), meta: { title: words.deskOrder } },
      { path: 'books', component: () => import('../pages/merchant/BooksPage.vue'), meta: { title: words.deskBooks } },
      { path: 'messages', component: () => import('../pages/MessagesPage.vue'), meta: { title: words.messages } },
      { path: 'messages/:person', component: () => import('../pages/ConversationPage.vue'), meta: { title: words.conversation } },
      { path: 'settings', component: () => import('../pages/merchant/DeskSettingsPage.vue'), meta: { title: words.deskSettings } },
    ],
  },
  { path: '/:rest(.*)*', component: shop, children: [{ path: '', component: () => import('../pages/NotFoundPage.vue'), meta: { title: words.notFound } }] },
]

/** Hash routes, because the build runs under any path of any static server (docs/decisions/0004-hash-routes.md). */
export function createAppRouter(): Router {
  const history = createWebHashHistory()
  const router = createRouter({
    history,
    routes: [...routes],
    scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
  })
  keepEarlyAddress(router, history)
  let failures = 0
  // A page whose chunk did not come: the person stays where they are, and is told.
  router.onError((error: unknown, to) => {
    if (!isMissing(error))
      return
    failures += 1
    // Whoever has a page before them may be typing there when the network comes back: that one is left only when they say so.
    reportMissing('page', () => void router.push(to.fullPath).catch(() => undefined), failures, router.currentRoute.value.matched.length === 0)
  })
  router.afterEach((to, from, failure) => {
    if (failure === undefined) {
      failures = 0
      hasCome('page')
    }
    if (failure === undefined && to.path !== from.path)
      void nextTick(() => arrive(to, from))
  })
  return router
}

/** What browsers say of a module that they could not fetch, each in its own words, and what the build says of a style. */
const isMissing = (error: unknown): boolean => error instanceof Error && /dynamically imported module|importing a module script|preload css/i.test(error.message)

/** The router listens to the address bar only once its first page is there, and would put that page's address back. */
function keepEarlyAddress(router: Router, history: RouterHistory): void {
  let asked: string | null = null
  const end = history.listen((to) => { asked = to })
  void router.isReady().finally(() => {
    end()
    if (asked !== null && asked !== router.currentRoute.value.fullPath)
      void router.replace(asked)
  })
}

function arrive(to: RouteLocationNormalized, from: RouteLocationNormalized): void {
  const { title } = to.meta
  document.title = typeof title === 'string' ? words.title.replace('{page}', title) : words.app
  // The first page is where the browser put the focus; from then on the heading says where one has got to.
  if (from.matched.length > 0)
    focusHeading()
}

/** Screen readers hear the new page's name, and the keyboard goes on from there. */
function focusHeading(): void {
  const content = document.querySelector<HTMLElement>('#content')
  const heading = content?.querySelector<HTMLElement>('h1') ?? content
  if (heading === null || heading === undefined || heading.contains(document.activeElement))
    return
  if (!heading.hasAttribute('tabindex'))
    heading.setAttribute('tabindex', '-1')
  heading.focus({ preventScroll: true })
}
