import { computed } from 'vue'
import { useDeskHealthStore } from '../stores/desk-health'
import { useSettingsStore } from '../stores/settings'
import { errorWords, isErrorCode, type ErrorWords } from './error-text'

const OFFLINE: ReadonlySet<string> = new Set(['source_offline', 'no_answer'])

/** How the desk's helpers are doing, in words. */
export function useDeskHealth() {
  const health = useDeskHealthStore()
  const settings = useSettingsStore()
  const problems = computed(() => [health.answering, health.lookingUp, health.stock].filter(problem => problem !== null))
  /** What there is no sentence for hides nothing that there is one for. */
  const shown = computed(() => problems.value.find(({ code }) => isErrorCode(code)))
  const stockStuck = computed(() => health.stock !== null && shown.value === health.stock)
  return {
    /** The wallet that makes the invoices. */
    wallet: computed<'none' | 'connected' | 'offline'>(() => settings.merchantWallet === null ? 'none' : problems.value.some(({ code, wallet }) => OFFLINE.has(code) && (wallet === undefined || wallet === settings.issuingWallet?.id)) ? 'offline' : 'connected'),
    /** Another wallet that the problem is about: it issues no longer and is still asked. */
    otherWallet: computed(() => {
      const wallet = shown.value?.wallet
      return wallet === settings.issuingWallet?.id ? null : settings.wallets.find(({ id }) => id === wallet) ?? null
    }),
    /** What the problem shown is about: pieces that are sold and still listed. */
    stockStuck,
    /** What the problem shown is about: orders that wait since the wallet cannot reserve. */
    reserveStuck: computed(() => shown.value?.code === 'cannot-reserve'),
    /** The first thing that is wrong and can be said. */
    problem: computed<ErrorWords | null>(() => {
      const code = shown.value?.code
      return code !== undefined && isErrorCode(code) ? errorWords(code) : null
    }),
  }
}
