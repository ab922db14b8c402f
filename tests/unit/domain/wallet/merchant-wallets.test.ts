import { expect, test } from 'vitest'
import { issuingWallet, noWallets, tidyWallets, walletId, walletPlace, whereToAsk, withIssuer, withName, withoutWallet, withWallet, type WalletSettings } from '../../../../src/domain/wallet/merchant-wallets'

const nwc = (secret: string, relay = 'relay.example'): WalletSettings => ({ kind: 'nwc', uri: `nostr+walletconnect://${'a'.repeat(64)}?relay=wss%3A%2F%2F${relay}&secret=${secret.repeat(64)}` })
const lnbits = (key: string, url = 'https://ln.example'): WalletSettings => ({ kind: 'lnbits', url, invoiceKey: key.repeat(32) })
const address: WalletSettings = { kind: 'lightning-address', address: 'amina@wool.example' }
const all = [lnbits('1'), nwc('2'), address].reduce((wallets, settings) => withWallet(wallets, settings), noWallets)
const [first, second, third] = all.list.map(({ id }) => id) as [string, string, string]

test('the first that is connected makes the invoices; exactly one does, whatever is added, chosen or removed', () => {
  expect(all.issuing).toBe(first)
  expect(issuingWallet(withIssuer(all, second))?.id).toBe(second)
  expect(withIssuer(all, 'nobody').issuing).toBe(first)
  expect(withoutWallet(withIssuer(all, second), second)).toMatchObject({ issuing: first, list: [{ id: first }, { id: third }] })
  expect(withoutWallet(all, third).issuing).toBe(first)
  expect([first, second, third].reduce(withoutWallet, all)).toEqual(noWallets)
})

test('the same secret is the same wallet, however it is written; it keeps its place and its name', () => {
  const named = withName(all, second, ' Till ')
  const again = withWallet(named, nwc('2', 'other.example'))
  expect(again.list.map(({ id, name }) => [id, name])).toEqual([[first, ''], [second, 'Till'], [third, '']])
  expect(again.list[1]?.settings).toEqual(nwc('2', 'other.example'))
  expect(withWallet(named, nwc('2'), 'Shop').list[1]?.name).toBe('Shop')
  expect(walletId(lnbits('a', 'https://ln.example/wallet'))).toBe(walletId(lnbits('A')))
  expect(walletId({ kind: 'lightning-address', address: ' Amina@Wool.example' })).toBe(third)
  expect(new Set([first, second, third, walletId(nwc('3'))]).size).toBe(4)
})

test('T16: neither its id nor its place shows anything of a secret', () => {
  expect(all.list.map(({ settings }) => walletPlace(settings))).toEqual(['ln.example', 'relay.example', 'amina@wool.example'])
  for (const { id, settings } of all.list)
    expect(JSON.stringify(settings)).not.toContain(id)
})

test('what came from the device with an issuer that is gone, or a wallet twice, is put right', () => {
  expect(tidyWallets({ list: [...all.list, ...all.list], issuing: 'gone' })).toEqual(all)
})

test('an invoice is asked of the wallet that made it, while that is connected', () => {
  expect(whereToAsk({ wallet: second }, all.list)).toEqual({ ids: [second], sure: true })
  expect(whereToAsk({ wallet: third, verify: 'https://wool.example/verify/1' }, all.list)).toEqual({ ids: [third], sure: true })
})

test('else of those with a list of their own, none of which must know it; of nobody where none is connected', () => {
  expect(whereToAsk({ wallet: 'gone' }, all.list)).toEqual({ ids: [first, second], sure: false })
  expect(whereToAsk({}, all.list)).toEqual({ ids: [first, second], sure: false })
  // Made before wallets had ids: the only one there is made it.
  expect(whereToAsk({}, withoutWallet(all, second).list)).toEqual({ ids: [first], sure: true })
  // The address may lead to a wallet that is connected too.
  expect(whereToAsk({ wallet: third, verify: null }, all.list)).toEqual({ ids: [first, second], sure: false })
  expect(whereToAsk({ wallet: third, verify: null }, withoutWallet(withoutWallet(all, first), second).list)).toEqual({ ids: [], sure: false })
})
