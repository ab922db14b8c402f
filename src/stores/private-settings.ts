import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import * as v from 'valibot'
import { DAY_MINUTES, noRules, type AnswerRules } from '../domain/order/answer-rules'
import { err, ok, type Result } from '../domain/result'
import { noWallets, tidyWallets, withWallet, type MerchantWallets } from '../domain/wallet/merchant-wallets'
import { readNwcUri, type NwcUriError } from '../domain/wallet/nwc-uri'
import type { StorageError } from '../ports/journal'
import type { Snapshots } from '../ports/snapshots'
import type { useAccountStore } from './account'
import { accountKey, readSealed } from './persisted'

const MOST_ADDRESSES = 10

const Saved = v.object({ name: v.string(), address: v.string(), country: v.string(), email: v.string(), phone: v.string(), nostr: v.string() })
export type SavedAddress = Readonly<v.InferOutput<typeof Saved>>

const Wallet = v.variant('kind', [
  v.object({ kind: v.literal('lnbits'), url: v.string(), invoiceKey: v.string() }),
  v.object({ kind: v.literal('nwc'), uri: v.string() }),
  v.object({ kind: v.literal('lightning-address'), address: v.string() }),
])
const Minute = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(DAY_MINUTES - 1))
const Rules = v.object({ maxSat: v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(1))), hours: v.nullable(v.object({ from: Minute, to: Minute })) }) satisfies v.GenericSchema<AnswerRules>
const Wallets = v.object({ list: v.array(v.object({ id: v.string(), name: v.string(), settings: Wallet })), issuing: v.nullable(v.string()) })
/** `merchantWallet`: the only one, in settings kept before there could be several. */
const Private = v.pipe(
  v.object({ merchantWallet: v.nullish(Wallet), wallets: v.optional(Wallets), shopperWalletUri: v.nullable(v.string()), savedAddresses: v.array(Saved), answerRules: v.exactOptional(Rules), refundWalletUri: v.optional(v.nullable(v.string()), null) }),
  v.transform(({ merchantWallet, wallets, ...rest }) => {
    const first: MerchantWallets = merchantWallet ? withWallet(noWallets, merchantWallet) : noWallets
    return { ...rest, wallets: wallets === undefined ? first : tidyWallets(wallets) }
  }),
)
type Private = Readonly<v.InferOutput<typeof Private>>

/** 2: several wallets of a merchant. An older program must not write over them. */
const VERSION = 2
const nothing: Private = { wallets: noWallets, shopperWalletUri: null, savedAddresses: [], refundWalletUri: null }

interface Needs { readonly snapshots: Snapshots, readonly account: ReturnType<typeof useAccountStore> }
export type KeepError = StorageError | NwcUriError
type Kept = Promise<Result<void, StorageError>>

export interface PrivateSettings {
  /** What rests of the open account was read. */
  readonly ready: Readonly<Ref<boolean>>
  readonly problem: Readonly<Ref<StorageError | null>>
  readonly wallets: ComputedRef<MerchantWallets>
  readonly shopperWalletUri: ComputedRef<string | null>
  readonly savedAddresses: ComputedRef<readonly SavedAddress[]>
  readonly answerRules: ComputedRef<AnswerRules>
  /** May spend: kept only where the merchant said so. */
  readonly refundWalletUri: ComputedRef<string | null>
  change(next: (current: Private) => Private): Kept
  setShopperWallet(uri: string | null): Promise<Result<void, KeepError>>
  saveAddress(address: SavedAddress): Kept
}

/** Wallet connections and addresses of the open account; only ciphertext rests on the device (T14, T16). */
export function privateSettings({ snapshots, account }: Needs): PrivateSettings {
  const value = shallowRef<Private>(nothing)
  const ready = shallowRef(false)
  const problem = shallowRef<StorageError | null>(null)
  /** One write after the other: each begins with what rests there now (T13). */
  let turn: Promise<unknown> = Promise.resolve()

  const place = () => {
    const { pubkey, vault } = account
    return pubkey === null || vault === null ? null : { snapshots, key: accountKey(pubkey, 'settings'), version: VERSION, schema: Private, vault }
  }

  async function read(): Promise<void> {
    const where = place()
    if (where === null)
      return
    const found = await readSealed(where)
    // Another account may have been opened meanwhile.
    if (account.vault !== where.vault)
      return
    problem.value = found.ok ? null : found.error
    value.value = found.ok ? found.value ?? nothing : nothing
    ready.value = true
  }

  watch(() => account.vault, () => {
    value.value = nothing
    ready.value = false
    void read()
  }, { immediate: true, flush: 'sync' })

  onScopeDispose(snapshots.onChange((key) => {
    if (account.pubkey !== null && key === accountKey(account.pubkey, 'settings'))
      void read()
  }))

  const change = (next: (current: Private) => Private): Kept => {
    const changed = turn.then(async (): Promise<Result<void, StorageError>> => {
      const where = place()
      if (where === null)
        return err({ code: 'storage-locked' })
      const found = await readSealed(where)
      const after = next(found.ok ? found.value ?? nothing : value.value)
      value.value = after
      const written = await snapshots.writeSealed(where.key, where.version, after, where.vault)
      problem.value = written.ok ? null : written.error
      return written
    })
    turn = changed
    return changed
  }

  async function setShopperWallet(uri: string | null): Promise<Result<void, KeepError>> {
    const parsed = uri === null ? ok(null) : readNwcUri(uri)
    return parsed.ok ? change(current => ({ ...current, shopperWalletUri: uri })) : parsed
  }

  const sameAs = (one: SavedAddress) => (other: SavedAddress): boolean => one.name === other.name && one.address === other.address
  const saveAddress = (address: SavedAddress): Kept => change(current =>
    ({ ...current, savedAddresses: [address, ...current.savedAddresses.filter(known => !sameAs(address)(known))].slice(0, MOST_ADDRESSES) }))

  return {
    ready,
    problem,
    wallets: computed(() => value.value.wallets),
    shopperWalletUri: computed(() => value.value.shopperWalletUri),
    savedAddresses: computed(() => value.value.savedAddresses),
    answerRules: computed(() => value.value.answerRules ?? noRules),
    refundWalletUri: computed(() => value.value.refundWalletUri),
    change,
    setShopperWallet,
    saveAddress,
  }
}
