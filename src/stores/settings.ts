import { defineStore } from 'pinia'
import { computed, onScopeDispose, watch } from 'vue'
import * as v from 'valibot'
import type { RelayUrl } from '../domain/brand'
import { reserveChoices, type ReserveChoice } from '../domain/order/reserve'
import { readCurrency } from '../domain/money/fiat'
import type { AnswerRules } from '../domain/order/answer-rules'
import type { RelayChoice, RelayUse } from '../domain/protocol/own-relay-lists'
import { normalizeRelayUrl } from '../domain/protocol/relay-url'
import { err, ok, type Result } from '../domain/result'
import type { StorageError } from '../ports/journal'
import { useAccountStore } from './account'
import { merchantWallets } from './merchant-wallets'
import { persisted } from './persisted'
import { effectiveUse, RelayUses } from './relay-use'
import { privateSettings, type SavedAddress } from './private-settings'
import { useServices } from './services'

const MOST_RELAYS = 10

const Url = v.custom<RelayUrl>(value => typeof value === 'string' && normalizeRelayUrl(value) === value)
const Theme = v.picklist(['auto', 'light', 'dark'])
const OpenSettings = v.object({
  /** null: those the app came with. */
  relays: v.nullable(v.array(Url)),
  /** AUTH tells a relay who we are: only where the person chose it (T23). */
  auth: v.array(v.tuple([Url, v.boolean()])),
  /** What each relay is used for, where the person chose it. */
  relayUse: v.optional(RelayUses),
  currency: v.nullable(v.string()),
  theme: Theme,
  images: v.boolean(),
  lockAfterMinutes: v.pipe(v.number(), v.minValue(0), v.maxValue(24 * 60)),
  autoInvoice: v.boolean(),
  /** Absent: payments are taken as they come. */
  reserve: v.optional(v.picklist(reserveChoices)),
  /** By what an invoice was paid last. */
  payer: v.optional(v.picklist(['wallet', 'outside'])),
})
type OpenSettings = v.InferOutput<typeof OpenSettings>

export type AddRelayError = { readonly code: 'not-a-relay' | 'too-many' | 'known' }

/** What a person chose: open settings of the device, and the account's private ones, sealed. */
export const useSettingsStore = defineStore('settings', () => {
  const { snapshots, config } = useServices()
  const account = useAccountStore()
  const kept = persisted<OpenSettings>({
    snapshots,
    key: 'settings',
    version: 1,
    schema: OpenSettings,
    initial: { relays: null, auth: [], currency: config.currency, theme: 'auto', images: true, lockAfterMinutes: 15, autoInvoice: config.sandbox },
  })
  onScopeDispose(kept.dispose)
  const relays = computed<readonly RelayUrl[]>(() => kept.value.value.relays ?? config.relays)
  const auth = computed(() => new Map(kept.value.value.auth))
  const choices = computed<readonly RelayChoice[]>(() => effectiveUse(relays.value, new Map(kept.value.value.relayUse ?? []), config.relays))
  const usedFor = (...uses: readonly (keyof RelayUse)[]) => computed<readonly RelayUrl[]>(() => choices.value.filter(({ use }) => uses.some(one => use[one])).map(({ url }) => url))

  const set = (part: Partial<OpenSettings>): void => { kept.change(current => ({ ...current, ...part })) }
  const field = <K extends keyof OpenSettings>(name: K) => computed<OpenSettings[K]>({
    get: () => kept.value.value[name],
    set: value => set({ [name]: value } as Pick<OpenSettings, K>),
  })

  function addRelay(text: string): Result<RelayUrl, AddRelayError> {
    const url = normalizeRelayUrl(text)
    if (url === null)
      return err({ code: 'not-a-relay' })
    if (relays.value.includes(url))
      return err({ code: 'known' })
    if (relays.value.length >= MOST_RELAYS)
      return err({ code: 'too-many' })
    kept.change(current => ({
      ...current,
      relays: [...current.relays ?? config.relays, url],
      // Typed in by hand: chosen.
      auth: current.auth.some(([known]) => known === url) ? current.auth : [...current.auth, [url, true]],
    }))
    return ok(url)
  }

  /** @returns takes it back, at its old place and with no consent that was not there */
  const removeRelay = (url: RelayUrl): (() => void) => {
    const place = relays.value.indexOf(url)
    kept.change(current => ({ ...current, relays: (current.relays ?? config.relays).filter(known => known !== url) }))
    return () => kept.change((current) => {
      const now = current.relays ?? config.relays
      return now.includes(url) ? current : { ...current, relays: now.toSpliced(Math.max(0, place), 0, url) }
    })
  }

  const allowAuth = (url: RelayUrl, yes: boolean): void => {
    kept.change(current => ({ ...current, auth: [...current.auth.filter(([known]) => known !== url), [url, yes]] }))
  }

  /** false: nothing would be left that listings are read from, sent to, or that messages arrive at. */
  const setRelayUse = (url: RelayUrl, use: RelayUse): boolean => {
    const rest = choices.value.filter(choice => choice.url !== url).map(choice => choice.use)
    if (![...rest, use].some(({ read }) => read) || ![...rest, use].some(({ write }) => write) || ![...rest, use].some(({ inbox }) => inbox))
      return false
    // All as they stand now: what was a default till now stays as the person sees it.
    set({ relayUse: choices.value.map(choice => [choice.url, choice.url === url ? use : choice.use]) })
    return true
  }

  const lockAfterMinutes = field('lockAfterMinutes')
  watch(lockAfterMinutes, minutes => account.setLockAfter(minutes), { immediate: true })

  const sealed = privateSettings({ snapshots, account })

  return {
    relays,
    /** Each relay with what it is used for. */
    relayChoices: choices,
    setRelayUse,
    /** Listings are read there. */
    readRelays: usedFor('read'),
    /** What we send goes there. */
    writeRelays: usedFor('write'),
    /** Private messages are looked for there. */
    mailRelays: usedFor('read', 'inbox'),
    addRelay,
    removeRelay,
    /** The person said yes or no. */
    authChosen: (url: RelayUrl): boolean => auth.value.has(url),
    authAllowed: (url: RelayUrl): boolean => auth.value.get(url) ?? false,
    allowAuth,
    currency: computed<string | null>({
      get: () => kept.value.value.currency,
      set: code => set({ currency: code === null ? null : readCurrency(code) }),
    }),
    theme: field('theme'),
    images: field('images'),
    lockAfterMinutes,
    autoInvoice: field('autoInvoice'),
    /** Which payments are reserved first. */
    reserve: computed<ReserveChoice>({ get: () => kept.value.value.reserve ?? 'off', set: reserve => set({ reserve }) }),
    /** How this person paid last: the way that is offered first. */
    payer: computed(() => kept.value.value.payer ?? 'wallet'),
    setPayer: (payer: 'wallet' | 'outside'): void => {
      if (kept.value.value.payer !== payer)
        set({ payer })
    },
    storageProblem: computed<StorageError | null>(() => kept.problem.value ?? sealed.problem.value),
    /** The account's private settings were read. */
    ready: sealed.ready,
    ...merchantWallets(sealed),
    shopperWalletUri: sealed.shopperWalletUri,
    setShopperWallet: sealed.setShopperWallet,
    savedAddresses: sealed.savedAddresses,
    /** What orders are answered by themselves; nothing forbids any until the merchant says so. */
    answerRules: sealed.answerRules,
    setAnswerRules: (answerRules: AnswerRules) => sealed.change(current => ({ ...current, answerRules })),
    refundWalletUri: sealed.refundWalletUri,
    keepRefundWallet: (uri: string | null) => sealed.change(current => ({ ...current, refundWalletUri: uri })),
    saveAddress: (address: SavedAddress) => sealed.saveAddress(address),
  }
})

export type { SavedAddress }
