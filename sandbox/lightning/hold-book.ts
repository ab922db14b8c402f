import type { Held, HoldEvent } from './backend'

/** How long a payment is held at most; a function where that may change. */
export type HoldSeconds = number | (() => number)

/** Who is held, since when, and when the node gives it back by itself. The node moves the money; this remembers. */
export class HoldBook {
  private readonly holding = new Map<string, Held>()
  /** Given back, or never to be paid. */
  private readonly over = new Set<string>()
  private readonly listeners = new Set<(event: HoldEvent) => void>()

  constructor(private readonly now: () => number, private readonly seconds: HoldSeconds, private readonly giveBack: (paymentHash: string) => void) {}

  /** @param settleBefore block height; 0: a block each ten minutes from the first */
  arrived(paymentHash: string, msat: number, settleBefore: number): void {
    const seconds = typeof this.seconds === 'number' ? this.seconds : this.seconds()
    const held: Held = { paymentHash, msat, at: this.now(), releaseAt: this.now() + seconds, settleBefore: settleBefore === 0 ? Math.ceil(seconds / 600) + 1 : settleBefore }
    this.holding.set(paymentHash, held)
    this.tell({ type: 'held', held })
  }

  get(paymentHash: string): Held | undefined {
    this.tick()
    return this.holding.get(paymentHash)
  }

  taken(paymentHash: string): void {
    this.holding.delete(paymentHash)
  }

  release(paymentHash: string): void {
    const held = this.holding.delete(paymentHash)
    this.over.add(paymentHash)
    if (held)
      this.giveBack(paymentHash)
    this.tell({ type: 'released', paymentHash })
  }

  isOver(paymentHash: string): boolean {
    this.tick()
    return this.over.has(paymentHash)
  }

  tick(): void {
    for (const { paymentHash, releaseAt } of [...this.holding.values()]) {
      if (this.now() >= releaseAt)
        this.release(paymentHash)
    }
  }

  on(listener: (event: HoldEvent) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  clear(): void {
    this.listeners.clear()
    this.holding.clear()
  }

  private tell(event: HoldEvent): void {
    for (const listener of this.listeners)
      listener(event)
  }
}
