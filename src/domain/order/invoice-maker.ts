/** Where an own invoice came from, so that the same place is asked about it after a reload and on the account's other devices. */
export interface InvoiceMaker {
  /** Id of the connected wallet that made it; absent: made before wallets had ids, or known by its request alone. */
  readonly wallet?: string
  /** Made by an address: where its service says whether it was paid (LUD-21); null: nobody says. Absent: the wallet itself knows. */
  readonly verify?: string | null
  /** It was pasted: a connected wallet may not know it. */
  readonly byHand?: true
}
