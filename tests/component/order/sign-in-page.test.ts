import { afterEach, describe, expect, test, vi } from 'vitest'
import { generateSecretKey } from 'nostr-tools/pure'
import { nsecEncode } from 'nostr-tools/nip19'
import type { Result } from '../../../src/domain/result'
import { createLocalSigner } from '../../../src/nostr/signers/local'
import type { Signer, SignerError } from '../../../src/ports/signer'
import SignInPage from '../../../src/pages/SignInPage.vue'
import { atRest, openPage, settle, type Stage, type StageOptions } from '../desk/stage'

let stage: Stage
afterEach(() => stage.close())
const find = (name: string) => stage.wrapper.find(`[data-test=${name}]`)
const path = (): string => stage.router.currentRoute.value.fullPath
const open = async (options: StageOptions = {}, query = ''): Promise<void> => {
  stage = await openPage(SignInPage, `/sign-in${query}`, options)
}

const personas: NonNullable<StageOptions['personas']> = {
  shopper: async () => ({ nsec: nsecEncode(generateSecretKey()), name: 'Sam', walletUri: `nostr+walletconnect://${'a'.repeat(64)}?relay=ws%3A%2F%2F127.0.0.1%3A7777&secret=${'b'.repeat(64)}` }),
  merchant: async () => ({ nsec: nsecEncode(generateSecretKey()), name: 'Mara', wallet: { kind: 'lnbits', url: 'http://127.0.0.1:5001', invoiceKey: '0'.repeat(32) } }),
}

describe('in the sandbox', () => {
  test('two people are offered, one tap each, and nothing else', async () => {
    await open({ sandbox: true, personas })
    expect(stage.wrapper.findAll('button.persona')).toHaveLength(2)
    expect(find('sign-in-new').exists()).toBe(false)
    await find('persona-merchant').trigger('click')
    await settle()
    await vi.waitFor(() => expect(path()).toBe('/desk/orders'))
    expect(stage.account.state).toBe('open')
    expect(stage.settings.merchantWallet).toEqual(expect.objectContaining({ kind: 'lnbits' }))
  })

  test('the shopper comes with a wallet to pay with', async () => {
    await open({ sandbox: true, personas }, '?next=/cart')
    await find('persona-shopper').trigger('click')
    await settle()
    await vi.waitFor(() => expect(path()).toBe('/cart'))
    expect(stage.settings.shopperWalletUri).toContain('nostr+walletconnect://')
  })

  test('a sandbox that is gone is said in words', async () => {
    await open({ sandbox: true, personas: { ...personas, shopper: async () => { throw new TypeError('fetch failed') } } })
    await find('persona-shopper').trigger('click')
    await settle()
    expect(find('sign-in-problem').text()).toContain('The sandbox did not answer.')
  })
})

test('outside of the sandbox nobody is offered to be somebody else', async () => {
  await open()
  expect(find('persona-shopper').exists()).toBe(false)
  for (const way of ['extension', 'new', 'key', 'guest'])
    expect(find(`sign-in-${way}`).exists()).toBe(true)
})

test('without an extension the button says so and changes nothing', async () => {
  await open()
  await find('sign-in-extension').trigger('click')
  await settle()
  expect(find('sign-in-problem').text()).not.toBe('')
  expect(stage.account.state).toBe('none')
})

test('an extension that hangs is waited for beside the other ways, which all go on; what it says later signs nobody in', async () => {
  const answers: ((signer: Result<Signer, SignerError>) => void)[] = []
  await open({ connectExtension: () => new Promise(resolve => answers.push(resolve)) })
  await find('sign-in-extension').trigger('click')
  await settle()
  expect(find('sign-in-extension').text()).toContain('Your extension was asked')
  for (const way of ['remote', 'new', 'key', 'guest'])
    expect(find(`sign-in-${way}`).attributes('disabled')).toBeUndefined()
  await find('leave-extension').trigger('click')
  expect(find('sign-in-extension').attributes('disabled')).toBeUndefined()
  await find('sign-in-extension').trigger('click')
  await settle()
  await find('sign-in-key').trigger('click')
  await settle()
  expect(find('use-key').exists()).toBe(true)
  answers.forEach(answer => answer({ ok: true, value: createLocalSigner(generateSecretKey()) }))
  await settle()
  expect(stage.account.state).toBe('none')
  expect(path()).toBe('/sign-in')
})

describe('a new account', () => {
  async function make(passphrase: string): Promise<void> {
    await open({}, '?next=/checkout/x')
    await find('sign-in-new').trigger('click')
    await settle()
    await stage.wrapper.find('input[type=password]').setValue(passphrase)
    await stage.wrapper.find('form').trigger('submit')
    await settle()
  }

  test('a short passphrase is refused beside the field', async () => {
    await make('short')
    expect(stage.wrapper.find('[role=alert]').text()).toContain('at least 8 characters')
    expect(stage.account.state).toBe('none')
  })

  test('T16: its words are confirmed by typing, and no secret rests in the clear', async () => {
    await make('correct horse battery')
    expect(find('backup').exists()).toBe(true)
    await find('way-words').setValue(true)
    await find('reveal').trigger('click')
    const words = find('words').findAll('li').map(item => item.text().replace(/^\d+/, ''))
    await find('written').trigger('click')
    for (const field of stage.wrapper.findAll('[data-word]'))
      await field.setValue(words[Number(field.attributes('data-word')) - 1])
    await stage.wrapper.find('[data-test=backup] form').trigger('submit')
    await settle()
    await vi.waitFor(() => expect(path()).toBe('/checkout/x'))
    expect(stage.account.record?.backedUp).toBe(true)
    expect(atRest(stage.device)).not.toContain('nsec1')
    expect(atRest(stage.device)).not.toContain(words.slice(0, 3).join(' '))
    expect(atRest(stage.device)).not.toContain('correct horse')
  })

  test('a copy that was put off is remembered as missing', async () => {
    await make('correct horse battery')
    await find('backup-later').trigger('click')
    await settle()
    expect(stage.account.record?.backedUp).toBe(false)
  })
})

test('a pasted key is kept under the passphrase, and a wrong text is said', async () => {
  const nsec = nsecEncode(generateSecretKey())
  await open()
  await find('sign-in-key').trigger('click')
  const secret = () => stage.wrapper.findAll('input[type=password]')[0]
  await secret()?.setValue('nsec1notakey')
  await stage.wrapper.find('[name=password]').setValue('correct horse battery')
  await stage.wrapper.find('form').trigger('submit')
  await settle()
  expect(stage.wrapper.find('[role=alert]').text()).toContain('This is no key that Souk knows.')
  await secret()?.setValue(nsec)
  await stage.wrapper.find('form').trigger('submit')
  await settle()
  await vi.waitFor(() => expect(stage.account.state).toBe('open'))
  expect(atRest(stage.device)).not.toContain(nsec)
  expect(path()).not.toContain('nsec')
})

test('after signing in a link leads only to pages of our own', async () => {
  await open({ sandbox: true, personas }, '?next=//evil.example')
  await find('persona-shopper').trigger('click')
  await settle()
  await vi.waitFor(() => expect(path()).toBe('/'))
})
