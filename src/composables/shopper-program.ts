/** What a shopper's acts do, as one chunk: it comes with the first of them, or while the page rests. */
export { askAddress } from '../flows/askAddress'
export { claimPaid } from '../flows/claimPaid'
export { cancelOrder, confirmReceived, sayDispute } from '../flows/order-words'
export { giveUpPaying, payOrder } from '../flows/payOrder'
export { confirmRefund, giveRefundTarget } from '../flows/refund-words'
export { remindMerchant } from '../flows/remindMerchant'
export { sendChat } from '../flows/sendChat'
