/** What only an order has whose money goes back. */
export const loadRefundPay = () => import('../../components/desk/RefundPay.vue')
export const loadRefundWallet = () => import('../../components/desk/RefundWallet.vue')
export const loadRefundParts = () => Promise.all([loadRefundPay(), loadRefundWallet()])
