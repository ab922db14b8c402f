import { describe, expect, test } from 'vitest'
import { toAddress } from '../../../src/domain/catalog/address'
import { toSeconds } from '../../../src/domain/brand'
import { composeDeletion, sendDeletion, type OpenDeletion } from '../../../src/flows/deleteListing'
import { createLocalSigner } from '../../../src/nostr/signers/local'
import { systemClock } from '../../../src/nostr/system-clock'
import { createMemoryRelays, MemoryRelay } from '../../support/memory-relays'
import { nowSeconds, person, pause, relayUrl, signed } from '../../support/signed'

const merchant = person(5)
const urls = [relayUrl('wss://one.example'), relayUrl('wss://two.example'), relayUrl('wss://three.example')]
const cup = signed({ kind: 30_018, created_at: nowSeconds() - 60, tags: [['d', 'cup']] }, merchant)
const doomed = { address: toAddress(30_018, merchant.pubkey, 'cup'), eventId: cup.id, publishedAt: cup.created_at }

function world() {
  const relays = urls.map(url => new MemoryRelay(url))
  const port = createMemoryRelays(relays)
  const deps = { signer: createLocalSigner(new Uint8Array(merchant.secret), 'local'), clock: systemClock, relays: port, relaysFor: () => urls }
  const deletions = () => relays.map(relay => relay.held().filter(({ kind }) => kind === 5).length)
  return { relays, deps, deletions }
}
async function composed(deps: Parameters<typeof composeDeletion>[0], what = doomed): Promise<OpenDeletion> {
  const made = await composeDeletion(deps, [what])
  if (!made.ok)
    throw new Error(made.error.code)
  return made.value
}

describe('a deletion', () => {
  test('names the address, the version and the kind, goes to every relay that ever held the thing, and is done', async () => {
    const { deps, deletions } = world()
    const open = await composed(deps)
    expect(open.event).toMatchObject({ kind: 5, tags: [['a', doomed.address], ['e', cup.id], ['k', '30018']] })
    expect(await sendDeletion(deps, open)).toBeNull()
    expect(deletions()).toEqual([1, 1, 1])
  })

  test('waits for a relay that is away, and for no other; the same event reaches it later', async () => {
    const { relays, deps, deletions } = world()
    relays[1]?.setOnline(false)
    relays[2]?.answerWith('refused', 'blocked: no')
    const left = await sendDeletion(deps, await composed(deps))
    expect(left?.waiting).toEqual([urls[1]])
    relays[1]?.setOnline(true)
    await pause(200)
    expect(await sendDeletion(deps, left ?? await composed(deps))).toBeNull()
    expect(deletions()).toEqual([1, 1, 0])
  })

  test('is no older than what it deletes, whatever our clock says', async () => {
    const { deps } = world()
    const ahead = toSeconds(nowSeconds() + 500)
    expect((await composed(deps, { ...doomed, publishedAt: ahead })).event.created_at).toBe(ahead)
  })

  test('of somebody else\'s listing is not made; a relay that stays away for a month is given up', async () => {
    const { relays, deps } = world()
    expect(await composeDeletion(deps, [{ ...doomed, address: toAddress(30_018, person().pubkey, 'cup') }])).toEqual({ ok: false, error: { code: 'not-yours' } })
    relays.forEach(relay => relay.setOnline(false))
    expect(await sendDeletion(deps, { ...await composed(deps), since: toSeconds(nowSeconds() - 31 * 24 * 3_600) })).toBeNull()
  })
})
