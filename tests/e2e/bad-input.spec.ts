import { finalizeEvent, getPublicKey } from 'nostr-tools/pure'
import { decode } from 'nostr-tools/nip19'
import WebSocket from 'ws'
import { ADDRESSES } from './support/addresses'
import { expect, test } from './support/people'
import { fillDelivery, go, marketThere, openProduct, putInCart, toCheckout } from './support/shopping'

/** The merchant, in some other program: takes a product off the market. */
async function takeDown(name: string): Promise<void> {
  const people = await (await fetch(`${ADDRESSES.wallet}/control/personas`)).json()
  const key = decode(String(people.merchant.nsec))
  if (key.type !== 'nsec')
    throw new Error('the sandbox gave no key')
  const socket = new WebSocket(ADDRESSES.relay)
  await new Promise(resolve => socket.once('open', resolve))
  const pubkey = getPublicKey(key.data)
  const address = await new Promise<string>((resolve, reject) => {
    let found = ''
    socket.on('message', (data) => {
      const [type, , event] = JSON.parse(String(data))
      if (type === 'EVENT' && JSON.parse(event.content).name === name)
        found = `30018:${pubkey}:${event.tags.find(([tag]: readonly string[]) => tag === 'd')[1]}`
      if (type === 'EOSE')
        return found === '' ? reject(new Error(`no product ${name}`)) : resolve(found)
    })
    socket.send(JSON.stringify(['REQ', 'mine', { kinds: [30018], authors: [pubkey] }]))
  })
  const taken = new Promise<void>((resolve, reject) => {
    socket.on('message', (data) => {
      const [type, , stored, why] = JSON.parse(String(data))
      if (type === 'OK')
        return stored ? resolve() : reject(new Error(why))
    })
  })
  socket.send(JSON.stringify(['EVENT', finalizeEvent({ kind: 5, created_at: Math.floor(Date.now() / 1000), tags: [['a', address]], content: '' }, key.data)]))
  await taken
  socket.close()
}

test('a product that goes between cart and checkout is named, and the rest can be ordered', async ({ arrive }) => {
  const { page } = await arrive()
  await marketThere(page)
  await putInCart(page, 'Bee pollen, 200 g')
  await putInCart(page, 'Linden honey')
  await toCheckout(page)
  await fillDelivery(page, 'Alps and neighbours', { name: 'Greta Gone', address: 'Am Damm 5, Bregenz' })
  await takeDown('Bee pollen, 200 g')
  await expect(page.getByText('Something changed since you added it')).toBeVisible()
  await expect(page.getByTestId('place-order')).toBeDisabled()
  await go(page, '/cart')
  await expect(page.getByTestId('cart-line').filter({ hasText: 'Bee pollen' })).toContainText('No longer for sale')
  await page.getByTestId('accept').click()
  await expect(page.getByTestId('cart-line')).toHaveCount(1)
  await toCheckout(page)
  await expect(page.getByTestId('place-order')).toBeEnabled()
})

test('more than the stock becomes the stock, and says so', async ({ arrive }) => {
  const { page } = await arrive()
  await marketThere(page)
  await openProduct(page, 'Advent set of four')
  await page.getByTestId('quantity').fill('9')
  await page.getByTestId('quantity').press('Enter')
  await expect(page.getByText('Only 2 left, so that is the most.')).toBeVisible()
  await page.getByTestId('add-to-cart').click()
  await go(page, '/cart')
  await expect(page.getByTestId('quantity')).toHaveValue('2')
  await expect(page.getByTestId('more')).toBeDisabled()
})
