import { computed } from 'vue'
import { err, ok, type Result } from '../domain/result'
import { readNwcUri } from '../domain/wallet/nwc-uri'
import type { WalletErrorCode } from '../ports/invoices'
import type { WalletBudget } from '../ports/wallet'
import { useOrdersStore } from '../stores/orders'
import { useServices } from '../stores/services'

export interface WalletFound {
  readonly alias: string
  /** null: it does not say. */
  readonly network: string | null
  readonly budget: WalletBudget | null
  /** It does not say what this connection may do. */
  readonly unlisted: boolean
}

export interface TrialError {
  readonly code: 'not-a-connection' | 'wrong-network' | 'cannot-pay' | WalletErrorCode
  readonly detail: string
  /** It merely did not answer: whoever knows it to be right may keep it. */
  readonly silent: boolean
}

const SILENT: ReadonlySet<WalletErrorCode> = new Set(['source_offline', 'no_answer', 'rate_limited'])

/** A shopper's connection is tried before it is called one: it answers, is on the shop's network, and may pay (T17). */
export function useWalletTrial() {
  const services = useServices()
  const orders = useOrdersStore()
  const refused = (code: TrialError['code'], detail = ''): Result<never, TrialError> => err({ code, detail, silent: false })

  async function attempt(uri: string): Promise<Result<WalletFound, TrialError>> {
    if (!readNwcUri(uri).ok)
      return refused('not-a-connection')
    const source = services.openInvoiceSource({ kind: 'nwc', uri })
    const can = await source.capabilities().finally(() => source.dispose())
    if (!can.ok)
      return err({ ...can.error, silent: SILENT.has(can.error.code) })
    const { network, canSpend, pays, unlisted, alias, budget } = can.value
    if (network !== null && network !== services.config.network)
      return refused('wrong-network', network)
    if (!unlisted && (!canSpend || pays === false))
      return refused('cannot-pay')
    return ok({ alias, network, budget: budget ?? null, unlisted: unlisted === true })
  }

  return {
    attempt,
    network: services.config.network,
    /** Payments by the connected wallet whose end nobody has heard: only it can tell. */
    underWay: computed(() => orders.asShopper.filter(({ paying, payingVia }) => paying !== null && payingVia === 'nwc').length),
  }
}
