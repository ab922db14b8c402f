import { nip77 } from 'nostr-tools'

/** The library has no entry of its own for NIP-77; whatever else its main one holds is left out by the build. */
export const { Negentropy, NegentropyStorageVector } = nip77
