import { shallowReactive } from 'vue'
import type { OrderKey } from '../domain/brand'
import { shared } from './shared'

/** Orders whose payment runs in this tab right now: nobody else asks the wallet about them meanwhile. */
export const usePayingNow = shared(() => shallowReactive(new Set<OrderKey>()))
