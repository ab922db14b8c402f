import * as v from 'valibot'
import type { Result } from '../domain/result'
import { err, ok } from '../domain/result'
import type { Signer, SignerError } from '../ports/signer'
import type { Vault } from '../ports/snapshots'
import { fromBase64, toBase64 } from './base64'
import { accountPrefix } from './account-names'
import type { DeviceText } from './key-value'
import { OURS } from './key-value'
import { sealJson, unsealJson } from './seal'

const KeyRecord = v.object({ v: v.literal(1), scheme: v.picklist(['nip44', 'nip04']), key: v.pipe(v.string(), v.maxLength(4096)) })
type KeyRecord = v.InferOutput<typeof KeyRecord>

/** A vault around a key at hand. After `close()` nothing can be opened any more. */
export function vaultOf(key: CryptoKey): Vault {
  let held: CryptoKey | null = key
  return {
    seal(value) {
      if (!held)
        return Promise.reject(new Error('vault is closed'))
      return sealJson(held, value)
    },
    unseal: text => held ? unsealJson(held, text) : Promise.resolve(err({ code: 'storage-locked' })),
    close: () => { held = null },
  }
}

/** A vault whose key exists nowhere else: what it seals can be read until it is closed. */
export async function memoryVault(): Promise<Vault> {
  return vaultOf(await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']))
}

export const vaultKeyName = (pubkey: string): string => `${OURS}${accountPrefix(pubkey)}:vault`

type Bytes = Uint8Array<ArrayBuffer>

const importKey = (bytes: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', bytes, { name: 'AES-GCM' }, false, ['encrypt', 'decrypt'])

export type VaultError = SignerError['code'] | 'storage-full' | 'storage-newer'

/**
 * Opens the account's vault, or makes it. Its random key rests encrypted to the account itself by the account's signer
 * (NIP-44, else NIP-04), so the signer is asked once a session. A key record that cannot be read is set aside, never
 * overwritten (T12); what it had sealed stays unreadable until it is put back.
 */
export async function openVault(device: DeviceText, signer: Signer): Promise<Result<Vault, VaultError>> {
  const key = await openVaultKey(device, signer)
  return key.ok ? ok(await vaultWith(key.value)) : key
}

/** Wipes the bytes. */
export async function vaultWith(bytes: Bytes): Promise<Vault> {
  const key = await importKey(bytes)
  bytes.fill(0)
  return vaultOf(key)
}

/** The bare key, for those who keep it elsewhere too. */
export async function openVaultKey(device: DeviceText, signer: Signer): Promise<Result<Bytes, VaultError>> {
  const name = vaultKeyName(signer.pubkey)
  const make = async (): Promise<Result<Bytes, VaultError>> => {
    const text = device.store.getItem(name)
    if (text !== null) {
      const opened = await openRecord(text, signer)
      if (opened.ok || opened.error !== 'decrypt')
        return opened
      device.store.setItem(`${OURS}quarantine:${accountPrefix(signer.pubkey)}:vault:${crypto.randomUUID().slice(0, 8)}`, text)
    }
    return makeRecord(device, name, signer)
  }
  // Two tabs that open a new account at once must end with one key (T13).
  return navigatorLocks() ? await navigatorLocks()?.request(name, make) ?? err('unavailable') : make()
}

const navigatorLocks = (): LockManager | undefined => typeof navigator === 'undefined' ? undefined : navigator.locks

async function openRecord(text: string, signer: Signer): Promise<Result<Bytes, VaultError>> {
  const json = parseRecord(text)
  if (json === 'newer')
    return err('storage-newer')
  if (!json)
    return err('decrypt')
  const { pubkey } = signer
  const plain = json.scheme === 'nip44' ? await signer.nip44Decrypt(pubkey, json.key) : await signer.nip04Decrypt(pubkey, json.key)
  if (!plain.ok)
    return err(plain.error.code)
  const bytes = fromBase64(plain.value)
  return bytes?.length === 32 ? ok(bytes) : err('decrypt')
}

function parseRecord(text: string): KeyRecord | 'newer' | null {
  try {
    const json: unknown = JSON.parse(text)
    const record = v.safeParse(KeyRecord, json)
    if (record.success)
      return record.output
    const newer = v.safeParse(v.object({ v: v.pipe(v.number(), v.minValue(2)) }), json)
    return newer.success ? 'newer' : null
  }
  catch (thrown) {
    if (thrown instanceof SyntaxError)
      return null
    throw thrown
  }
}

async function makeRecord(device: DeviceText, name: string, signer: Signer): Promise<Result<Bytes, VaultError>> {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  const sealed = await sealTo(signer, toBase64(bytes))
  if (!sealed.ok)
    return sealed
  try {
    device.store.setItem(name, JSON.stringify(sealed.value))
  }
  catch (thrown) {
    if (thrown instanceof DOMException)
      return err('storage-full')
    throw thrown
  }
  return ok(bytes)
}

/** What a remote signer can, it only says when asked. */
async function sealTo(signer: Signer, plain: string): Promise<Result<KeyRecord, VaultError>> {
  if (signer.can.nip44) {
    const sealed = await signer.nip44Encrypt(signer.pubkey, plain)
    if (sealed.ok)
      return ok({ v: 1, scheme: 'nip44', key: sealed.value })
    if (sealed.error.code !== 'unsupported')
      return err(sealed.error.code)
  }
  const sealed = signer.can.nip04 ? await signer.nip04Encrypt(signer.pubkey, plain) : null
  if (sealed === null)
    return err('unsupported')
  return sealed.ok ? ok({ v: 1, scheme: 'nip04', key: sealed.value }) : err(sealed.error.code)
}
