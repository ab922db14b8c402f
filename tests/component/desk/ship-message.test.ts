import { expect, test } from 'vitest'
import { shipMessage } from '../../../src/components/desk/ship-message'
import { keyProblem, nwcProblem, urlProblem } from '../../../src/components/desk/wallet-form'
import { guessCarrier, trackingLink } from '../../../src/components/order/carriers'

test('the message follows carrier and number', () => {
  expect(shipMessage('ORD-1', '', '')).toBe('Your order ORD-1 is on its way.')
  expect(shipMessage('ORD-1', 'DHL', 'X1')).toBe('Your order ORD-1 is on its way with DHL, tracking number X1.')
  expect(shipMessage('ORD-1', '', 'X1')).toBe('Your order ORD-1 is on its way, tracking number X1.')
})

test('a carrier is guessed from the form of the number, spaces or not', () => {
  expect(guessCarrier('1Z 999 AA1 01 2345 6784')).toBe('UPS')
  expect(guessCarrier('RB123456785GB')).toBe('Royal Mail')
  expect(guessCarrier('hello')).toBe('')
})

test('a tracking number can not break out of the carrier\'s link', () => {
  const link = new URL(trackingLink('ups', '1&evil=javascript:alert(1)#x'))
  expect(link.host).toBe('www.ups.com')
  expect([...link.searchParams.keys()]).toEqual(['tracknum'])
  expect(trackingLink('Uncle Bob', '123')).toBe('')
})

test.each([
  ['https://lnbits.example.com', null], ['http://127.0.0.1:5001', null], ['http://lnbits.example.com', 'urlInsecure'], ['https://abc.onion', 'urlOnion'],
  ['lnbits.example.com', 'urlBad'], ['javascript:alert(1)', 'urlBad'], ['https://user:secret@lnbits.example.com', 'urlBad'],
])('wallet address %s: %s', (text, problem) => {
  expect(urlProblem(text, true)).toBe(problem)
})

test('keys and connections are recognised by their form', () => {
  expect(keyProblem('0'.repeat(32))).toBeNull()
  expect(keyProblem('nsec1xyz')).toBe('keyBad')
  expect(nwcProblem(`nostr+walletconnect://${'a'.repeat(64)}?relay=wss%3A%2F%2Fr&secret=${'b'.repeat(64)}`)).toBeNull()
  expect(nwcProblem('lnbc1…')).toBe('nwcBad')
})
