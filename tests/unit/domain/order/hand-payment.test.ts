import { bech32 } from '@scure/base'
import { describe, expect, test } from 'vitest'
import { toMsat, toSeconds } from '../../../../src/domain/brand'
import { addressNetworks, bitcoinCode, bitcoinUri, btcText } from '../../../../src/domain/invoice/onchain'
import { optionsOf, readHandPayment, type HandNeeds, type HandProblem, type HandWay } from '../../../../src/domain/order/hand-payment'
import { makeInvoice } from '../../../support/order-invoices'

const NOW = 1_800_000_000
const TOTAL = 12_700_000
const needs: HandNeeds = { now: toSeconds(NOW), network: 'regtest', total: toMsat(TOTAL), isUsed: () => false }
const invoice = (fields: Partial<Parameters<typeof makeInvoice>[0]> = {}): string =>
  makeInvoice({ preimage: 'a1'.repeat(32), msat: TOTAL, createdAt: NOW - 60, prefix: 'lnbcrt', ...fields }).bolt11
const address = bech32.encode('bcrt', [0, ...bech32.toWords(new Uint8Array(20).fill(7))])
const MAINNET = 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'

const good: readonly (readonly [string, string, readonly HandWay['kind'][], string])[] = [
  ['an invoice', invoice(), ['invoice'], ''],
  ['an invoice in upper case with its scheme', `LIGHTNING:${invoice().toUpperCase()}`, ['invoice'], ''],
  ['an invoice that a mail program broke', invoice().replace(/(.{60})/g, '$1\n'), ['invoice'], ''],
  ['an invoice with signs of no width in it', `\u200B${invoice().slice(0, 30)}\u200D${invoice().slice(30)}\uFEFF`, ['invoice'], ''],
  ['a Lightning address', 'Amina@Pay.Example', ['address'], ''],
  ['an LNURL', `lightning:${bech32.encode('lnurl', bech32.toWords(new TextEncoder().encode('https://pay.example/x')), false)}`, ['lnurl'], ''],
  ['a BOLT12 offer', 'lno1pqps7sjqpgtyzm3qv4uxzmtsd3jjqer9wd3hy6tsw35k7msjzfpy7nz5yqcn', ['offer'], ''],
  ['an on-chain address', address, ['onchain'], ''],
  ['a unified code', `bitcoin:${address}?amount=0.000127&lightning=${invoice()}`, ['invoice', 'onchain'], ''],
  ['a unified code without an address', `bitcoin:?lightning=${invoice()}`, ['invoice'], ''],
  ['a page', 'https://pay.example/order?id=1', ['link'], ''],
  ['words', 'Pay in cash when you pick it up.\nBring small notes.', [], 'Pay in cash when you pick it up.\nBring small notes.'],
  ['a page, and words to it', 'https://pay.example/\nName the order there.', ['link'], 'Name the order there.'],
  ['words that name an invoice among others', 'send it to 12 Lake Road: lnbc is not taken', [], 'send it to 12 Lake Road: lnbc is not taken'],
]

const refused: readonly (readonly [string, string, HandProblem])[] = [
  ['nothing', ' \n ', 'empty'],
  ['a book', 'pay '.repeat(1_000), 'too-long'],
  ['a wallet connection', `nostr+walletconnect://${'ab'.repeat(32)}?relay=wss://r.example&secret=${'cd'.repeat(32)}`, 'secret'],
  ['a private key among words', `take nsec1${'q'.repeat(58)} and be glad`, 'secret'],
  ['an extended private key', `xprv${'9'.repeat(107)}`, 'secret'],
  ['ecash', 'cashuAeyJ0b2tlbiI6W3sibWludCI6Imh0dHBz', 'money'],
  ['a damaged invoice', invoice().replace(/.$/, last => last === 'q' ? 'p' : 'q'), 'damaged'],
  ['half an invoice', invoice().slice(0, 90), 'damaged'],
  ['an invoice that nobody signed', invoice({ forgeSignature: true }), 'damaged'],
  ['an address with a wrong letter', `${address.slice(0, -1)}${address.endsWith('q') ? 'p' : 'q'}`, 'damaged'],
  ['an unreadable payment link', 'lightning:whatever', 'damaged'],
  ['an invoice of another network', invoice({ prefix: 'lnbc' }), 'wrong_network'],
  ['an address of another network', MAINNET, 'wrong_network'],
  ['a unified code of two networks', `bitcoin:${MAINNET}?lightning=${invoice()}`, 'wrong_network'],
  ['an expired invoice', invoice({ createdAt: NOW - 3_601 }), 'expired'],
  ['an invoice with half a minute left', invoice({ createdAt: NOW - 3_570 }), 'expires-soon'],
  ['an invoice without an amount', invoice({ msat: null }), 'amount_missing'],
  ['two invoices', `${invoice()}\n${invoice({ preimage: 'b2'.repeat(32) })}`, 'several-invoices'],
  ['parts with different amounts', `bitcoin:${address}?amount=0.000128&lightning=${invoice()}`, 'amounts-differ'],
  ['a demand that nobody knows', `bitcoin:${address}?req-magic=1`, 'unsupported_required_parameter'],
  ['no amount at all, in a link', `bitcoin:${address}?amount=0`, 'bad_amount'],
  ['an amount with nine decimals', `bitcoin:${address}?amount=0.000000001`, 'bad_amount'],
  ['a page without encryption', 'http://pay.example/', 'not-https'],
  ['a script', 'javascript:alert(1)', 'not-https'],
  ['a file', 'data:text/html,<b>pay</b>', 'not-https'],
  ['a page that pretends to be another', 'https://bank.example@evil.example/', 'link-credentials'],
]

describe('what was pasted', () => {
  test.each(good)('%s is what it is', (_name, pasted, kinds, words) => {
    const hand = readHandPayment(pasted, needs)
    expect(hand.problems).toEqual([])
    expect(hand.ways.map(({ kind }) => kind)).toEqual(kinds)
    expect(hand.words).toBe(words)
    expect(hand.differs).toBe(false)
  })

  test.each(refused)('%s is not sent', (_name, pasted, problem) => {
    expect(readHandPayment(pasted, needs).problems[0]).toBe(problem)
  })

  test('T9: an invoice that some order of ours has named is not sent again', () => {
    expect(readHandPayment(invoice(), { ...needs, isUsed: () => true }).problems).toEqual(['payment_hash_reused'])
  })

  test('T7: another amount than the total, and one that cannot be compared, must be said to be meant', () => {
    expect(readHandPayment(invoice({ msat: TOTAL + 1_000 }), needs)).toMatchObject({ problems: [], asked: TOTAL + 1_000, differs: true })
    expect(readHandPayment(`bitcoin:${address}?amount=0.5`, needs)).toMatchObject({ asked: 50_000_000_000, differs: true })
    expect(readHandPayment(invoice(), { ...needs, total: null })).toMatchObject({ differs: true })
    expect(readHandPayment(address, { ...needs, total: null })).toMatchObject({ asked: null, differs: false })
  })

  test('a link shows the host that a browser goes to', () => {
    expect(readHandPayment('https://päy.example:8443/x', needs).ways).toMatchObject([{ host: 'xn--py-via.example:8443' }])
  })

  test('options: an invoice first, each in the dialects\' own words', () => {
    const { ways } = readHandPayment(`https://pay.example/\nbitcoin:${address}?lightning=${invoice()}\namina@pay.example`, needs)
    expect(optionsOf(ways, { address: 'Lightning address', onchain: 'Bitcoin address', link: 'Page' }).map(({ type }) => type)).toEqual(['ln', 'url', 'btc', 'lnurl'])
  })
})

describe('on-chain addresses', () => {
  test.each([
    [MAINNET, ['mainnet']], [MAINNET.toUpperCase(), ['mainnet']], ['bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0', ['mainnet']],
    ['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', ['mainnet']], ['3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy', ['mainnet']],
    ['tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx', ['testnet', 'signet']], ['mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn', ['testnet', 'signet', 'regtest']], [address, ['regtest']],
  ])('%s', (text, networks) => expect(addressNetworks(text)).toEqual(networks))
  test.each(['', 'sam', MAINNET.slice(0, -1), `${MAINNET}q`, 'Bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4', 'bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4',
    'bc1zw508d6qejxtdg4y5r3zarvaryvg6kdaj', 'ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb', 'L1aW4aubDFB7yfras2S1mN3bqg9nwySY8nkoLmJebSLD5BWv3ENZ'])('%s is none', text => expect(addressNetworks(text)).toBeNull())

  test('T6: amounts are written without a float in between', () => {
    expect([1, 12_700, 100_000_000, 2_100_000_000_000_000, 123_456_789].map(btcText)).toEqual(['0.00000001', '0.000127', '1', '21000000', '1.23456789'])
    expect(bitcoinUri(address, 12_700)).toBe(`bitcoin:${address}?amount=0.000127`)
    expect(bitcoinCode(address, 12_700)).toBe(`BITCOIN:${address.toUpperCase()}?amount=0.000127`)
    expect(bitcoinCode('3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy', null)).toBe('BITCOIN:3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy')
  })
})
