import { nsecEncode } from 'nostr-tools/nip19'
import { generateSecretKey, getPublicKey } from 'nostr-tools/pure'
import { secretOf } from '../../sandbox/market/seed'
import { toAddress } from '../../src/domain/catalog/address'
import { toMsat, toSeconds, type Pubkey } from '../../src/domain/brand'
import { lettersOf } from '../../src/domain/protocol/letters'
import type { Saying } from '../../src/domain/protocol/saying'
import type { Person } from '../support/signed'
import { wrapped } from '../support/wraps'
import { bots, payFromPhone } from './support/control'
import { lnbitsInvoice, lnbitsOf, somebodyElsewhere } from './support/other-program'
import { expect, test } from './support/people'
import { deskRows, enterByKey, openDesk } from './support/shopping'

test.beforeEach(async () => {
  test.slow()
  await bots(false)
})
test.afterEach(() => bots(true))

const personOf = (secret: Uint8Array): Person => ({ secret, pubkey: getPublicKey(secret) as Pubkey })

test('an order that comes in paid, by a program that asks nobody: the desk sends no second invoice, asks its wallet, and says paid', async ({ arrive }) => {
  const { page: merchant } = await arrive()
  await enterByKey(merchant, nsecEncode(secretOf('dario')), 'dario')
  await openDesk(merchant, await lnbitsOf('dario'))

  const [shopper, dario] = [personOf(generateSecretKey()), personOf(secretOf('dario'))]
  const line = somebodyElsewhere(shopper.secret)
  const [cap] = (await line.stored({ kinds: [30402], authors: [dario.pubkey] })).flatMap(({ tags }) => tags.some(([name, value]) => name === 'title' && value === 'Cycling cap, wool') ? [tags.find(([name]) => name === 'd')?.[1] ?? ''] : [])
  const about = { orderId: crypto.randomUUID(), shopper: shopper.pubkey, merchant: dario.pubkey, items: [{ productId: cap ?? '', product: toAddress(30_402, dario.pubkey, cap ?? ''), quantity: 1 }] }
  let at = Math.floor(Date.now() / 1000) - 5
  const say = async (saying: Saying): Promise<void> => {
    const letters = lettersOf('shopstr', about, saying)
    if (!letters.ok)
      throw new Error(letters.error.code)
    for (const letter of letters.value) {
      if (letter.transport === 'nip59')
        await line.send(wrapped(letter.template, { from: shopper, to: dario, at: toSeconds(at++), wrapAt: toSeconds(at - 100) }))
    }
  }
  await say({ say: 'order', zoneId: '', msat: toMsat(24_000_000), name: 'Petra Prepaid', address: 'Vorweg 1, Graz', contact: {}, shopperMessage: '' })
  await expect(deskRows(merchant, 'Cycling cap, wool')).toBeVisible({ timeout: 30_000 })
  await expect(deskRows(merchant, 'Cycling cap, wool')).toContainText('Waiting for payment')
  await deskRows(merchant, 'Cycling cap, wool').click()
  await expect(merchant.getByTestId('pays-unasked')).toBeVisible()

  const bolt11 = await lnbitsInvoice('dario', 24_000)
  await payFromPhone(bolt11)
  await say({ say: 'receipt', msat: toMsat(24_000_000), invoice: bolt11, preimage: '', text: 'paid' })
  await expect(merchant.getByTestId('desk-payment')).toHaveAttribute('data-payment', 'proved', { timeout: 40_000 })
  await expect(merchant.getByTestId('prepaid-matches')).toHaveCount(0)
  await expect(merchant.getByTestId('desk-payment')).toContainText('Arrived 24,000 sat')
  // Nobody was asked to pay what they had paid already.
  await expect(merchant.getByText('Invoice 1')).toHaveCount(0)
})
