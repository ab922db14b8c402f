import { lazyFlow } from './lazy-flow'

/** A shopper's flows by their names, each loaded with the first that is run. */
export const loadShopperProgram = () => import('./shopper-program')

export const askAddress = lazyFlow(async () => (await loadShopperProgram()).askAddress)
export const claimPaid = lazyFlow(async () => (await loadShopperProgram()).claimPaid)
export const cancelOrder = lazyFlow(async () => (await loadShopperProgram()).cancelOrder)
export const confirmReceived = lazyFlow(async () => (await loadShopperProgram()).confirmReceived)
export const sayDispute = lazyFlow(async () => (await loadShopperProgram()).sayDispute)
export const giveUpPaying = lazyFlow(async () => (await loadShopperProgram()).giveUpPaying)
export const payOrder = lazyFlow(async () => (await loadShopperProgram()).payOrder)
export const confirmRefund = lazyFlow(async () => (await loadShopperProgram()).confirmRefund)
export const giveRefundTarget = lazyFlow(async () => (await loadShopperProgram()).giveRefundTarget)
export const remindMerchant = lazyFlow(async () => (await loadShopperProgram()).remindMerchant)
export const sendChat = lazyFlow(async () => (await loadShopperProgram()).sendChat)
