import { nsecEncode } from 'nostr-tools/nip19'
import type { Component } from 'vue'
import { afterEach, expect, test, vi } from 'vitest'
import { toSeconds } from '../../../src/domain/brand'
import { orderKey } from '../../../src/domain/order/keys'
import type { OrderMessage, PlacedMessage } from '../../../src/domain/order/types'
import ConversationPage from '../../../src/pages/ConversationPage.vue'
import MessagesPage from '../../../src/pages/MessagesPage.vue'
import OrderOrigin from '../../../src/components/talk/OrderOrigin.vue'
import RelaysSee from '../../../src/components/talk/RelaysSee.vue'
import ChatWrite from '../../../src/components/talk/ChatWrite.vue'
import MessageFate from '../../../src/components/talk/MessageFate.vue'
import { useOrdersStore } from '../../../src/stores/orders'
import { createMemoryJournal } from '../../../src/storage/memory'
import { mount } from '@vue/test-utils'
import { pubkeyOf, secrets } from '../../support/flow-people'
import { newDevice } from '../../support/memory-services'
import { idOf, people } from '../../support/order-messages'
import { anOrder } from './orders'
import { openPage, settle, type Stage } from '../desk/stage'

const me = pubkeyOf('merchant')
const { shopper, throwAway } = people
const AT = Math.floor(Date.now() / 1_000) - 600
const stamp = (n: number, author: typeof me, receiver: typeof me) => ({ id: idOf(n), author, receiver, sentAt: toSeconds(AT + n), transport: 'nip59' as const, dialect: 'gamma' as const })
const chat = (n: number, text: string, more: object = {}): OrderMessage => ({ ...stamp(n, shopper, me), type: 'chat', text, ...more })
const order: PlacedMessage = { ...stamp(1, shopper, me), type: 'order', orderId: 'order-7', items: [{ productId: 'mug', quantity: 1 }], zoneId: '', name: 'Sam', address: '1 Lake Road', contact: {}, shopperMessage: '' }
const shippedByNobody: OrderMessage = { ...stamp(2, throwAway, me), dialect: 'shopstr', type: 'unattributed', orderId: 'order-7', subject: 'order-payment', text: 'paid', claims: shopper, payment: { medium: 'ecash', reference: 'https://mint.example', token: `cashuA${Buffer.from(JSON.stringify({ token: [{ mint: 'https://mint.example', proofs: [{ amount: 21 }] }] })).toString('base64url')}`, preimage: '', msat: null } }

let stage: Stage | undefined
afterEach(() => {
  stage?.close()
  stage = undefined
})

async function open(page: Component, path: string, messages: readonly OrderMessage[], route?: string): Promise<Stage> {
  const device = newDevice()
  const journal = createMemoryJournal({ now: () => toSeconds(AT + 300) })
  await journal.appendAll(messages)
  device.journals.set(me, journal)
  const opened = await openPage(page, path, { device, ...(route !== undefined && { route }), before: ({ account }) => account.keepKey(nsecEncode(secrets.merchant), 'correct horse', 'Amina', true) })
  stage = opened
  await settle()
  return opened
}
const text = (): string => stage?.wrapper.text() ?? ''
const all = (name: string) => stage?.wrapper.findAll(`[data-test=${name}]`) ?? []

test('people, newest first, with what is new; data for programs is named as that', async () => {
  await open(MessagesPage, '/desk/messages', [order, chat(3, 'hello', { orderId: 'order-7' }), chat(4, '{"type":9,"id":"secret-looking"}'), { ...stamp(5, people.shopper2, me), type: 'chat', text: 'Is the blue one still there?' }])
  expect(all('person-row').map(row => row.text())).toEqual([expect.stringContaining('Is the blue one still there?'), expect.stringContaining('A message for another program')])
  expect(all('person-row')[1]?.text()).toContain('2 new')
  expect(all('person-row')[1]?.text()).toContain('Sam')
  expect(text()).not.toContain('secret-looking')
})

test('a conversation: words, data in a fold, a token as money; the order is one step away; looking at it is reading it', async () => {
  await open(ConversationPage, `/desk/messages/${shopper}`, [order, chat(3, 'hello', { orderId: 'order-7' }), chat(4, '{"type":9}'), chat(5, 'for you: cashuA…', { token: 'cashuAnothing-to-read' })], '/desk/messages/:person')
  expect(all('chat-line')).toHaveLength(3)
  expect(all('chat-line')[0]?.find('a').text()).toMatch(/^About order ORD-/)
  expect(all('chat-line')[1]?.find('[data-test=for-programs] summary').text()).toContain('Show it as it came')
  expect(all('cashu-token')[0]?.text()).toContain('Whoever has this token can spend it')
  expect(text()).not.toContain('cashuAnothing-to-read')
  expect(all('order-link')).toHaveLength(1)
  await stage?.router.push('/nowhere')
  stage?.close()
  stage = undefined
})

test('what somebody wrote in the open is marked as that; what came sealed is not', async () => {
  await open(ConversationPage, `/desk/messages/${shopper}`, [chat(3, 'where is my parcel', { transport: 'public' }), chat(4, 'and this one is sealed')], '/desk/messages/:person')
  expect(all('chat-line').map(line => line.text().includes('everyone can read it'))).toEqual([true, false])
})

test('what is typed while a slow signer has the former message is kept, and so is what could not be sent', async () => {
  let answer: (kept: boolean) => void = () => undefined
  const write = mount(ChatWrite, { props: { send: () => new Promise<boolean>((resolve) => { answer = resolve }) } })
  const field = write.find('textarea')
  await field.setValue('first')
  await write.find('form').trigger('submit')
  await field.setValue('first and second')
  answer(true)
  await settle()
  expect(field.element.value).toBe('and second')
  await write.find('form').trigger('submit')
  answer(false)
  await settle()
  expect(field.element.value).toBe('and second')
  expect(write.find('[role=alert]').text()).toContain('Your text is still here')
})

test('a throw-away key\'s words wait for judgement: accepted they count, others never come back', async () => {
  const shipped: OrderMessage = { ...stamp(6, throwAway, me), dialect: 'shopstr', type: 'unattributed', orderId: 'elsewhere', subject: 'return-request', text: 'please take it back' }
  const opened = await open(MessagesPage, '/desk/messages', [order, shippedByNobody, shipped])
  expect(all('claim')).toHaveLength(2)
  const [newest, older] = all('claim')
  expect(newest?.text()).toContain('It names an order that is not here: elsewhere')
  expect(older?.text()).toMatch(/Says that an order was paid.*About order ORD-/s)
  expect(older?.text()).toContain('Cashu money: 21 sat')
  await newest?.find('[data-test=dismiss-claim]').trigger('click')
  expect(all('claim')).toHaveLength(1)
  await all('claim')[0]?.find('[data-test=accept-claim]').trigger('click')
  await settle()
  expect(all('claim')).toHaveLength(0)
  const kept = await opened.account.journal?.messagesOf(orderKey(shopper, me, 'order-7'))
  expect(kept?.ok && kept.value.some(message => message.type === 'accept-unattributed' && message.message === shippedByNobody.id)).toBe(true)
  const payment = () => useOrdersStore().get(orderKey(shopper, me, 'order-7'))?.payment
  await vi.waitFor(() => expect(payment()).toBe('claimed'))
  // A mistake is taken back where it was made.
  const [undo] = [...document.querySelectorAll<HTMLElement>('.q-notification button')].filter(button => button.textContent?.trim() === 'Undo').slice(-1)
  undo?.click()
  await vi.waitFor(() => expect(all('claim')).toHaveLength(1))
  expect(all('claim')[0]?.text()).toContain('counts as paid by the customer\'s word')
  expect(payment()).toBe('unpaid')
})

test('an order that stands in the open says so to both; who placed one by a throw-away key is told apart from who it claims to be', () => {
  const look = (part: Parameters<typeof anOrder>[0], role: 'shopper' | 'merchant') => mount(OrderOrigin, { props: { order: anOrder(part), role, name: 'Sam', path: '' }, global: { stubs: ['RouterLink'] } })
  expect(look({ inTheOpen: true }, 'shopper').find('[data-test=in-the-open]').text()).toContain('everyone can read')
  expect(look({ inTheOpen: true }, 'merchant').find('[data-test=in-the-open]').exists()).toBe(true)
  expect(look({ throwAway: { claims: shopper } }, 'merchant').find('[data-test=throw-away]').text()).toContain('It says the customer is Sam')
  expect(look({ throwAway: { claims: null } }, 'merchant').text()).toContain('does not say who the customer is')
  expect(look({}, 'merchant').text()).toBe('')
})

test('the checkout says in one line what a relay can see, by the dialect', () => {
  const line = (dialect: 'nip15' | 'gamma', inbox: boolean | null = null): string => mount(RelaysSee, { props: { dialect, inbox, name: 'Green Grocer' } }).text()
  expect(line('nip15')).toContain('Relays can see that you and Green Grocer wrote to each other, when and how much, not what.')
  expect(line('gamma')).toContain('Relays cannot see what you order')
  expect(line('gamma', false)).toContain('names no relay for private messages')
  expect(line('gamma', true)).not.toContain('names no relay')
})

test('the fate of a message: n of m, by name, and a way to try again', async () => {
  const answers = [{ url: 'wss://a.example', outcome: 'stored', text: '', at: 1 }, { url: 'wss://b.example', outcome: 'refused', text: 'no', at: 1 }]
  const sent = mount(MessageFate, { props: { fate: { state: 'sent', taken: 1, answers, reason: '' } } })
  expect(sent.find('summary').text()).toBe('Sent: 1 of 2 relays have it')
  expect(sent.text()).toContain('wss://b.example')
  expect(sent.find('[data-test=send-again]').exists()).toBe(false)
  const failed = mount(MessageFate, { props: { fate: { state: 'failed', taken: 0, answers, reason: 'blocked' } } })
  expect(failed.text()).toContain('Not sent: blocked')
  await failed.find('[data-test=send-again]').trigger('click')
  expect(failed.emitted('again')).toHaveLength(1)
})
