import { createSharedComposable } from '@vueuse/core'
import { shallowReactive } from 'vue'
import type { OrderKey } from '../domain/brand'

/** Orders whose payment runs in this tab right now: nobody else asks the wallet about them meanwhile. */
export const usePayingNow = createSharedComposable(() => shallowReactive(new Set<OrderKey>()))
