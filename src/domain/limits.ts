/** How long, how many, how deep: every bound on what strangers send, in one place (T20, transport.md §7). */
export const limits = {
  frameBytes: 512 * 1024,
  listingContent: 256 * 1024,
  messageContent: 64 * 1024,
  tags: 2_000,
  tagElements: 64,
  tagValue: 8 * 1024,
  name: 1024,
  nameShown: 200,
  orderText: 8 * 1024,
  /** What a person can write about an order: beside it there is room for what names the order. */
  chatText: 8 * 1024 - 512,
  images: 100,
  orderItems: 500,
  orderId: 128,
  jsonDepth: 16,
  /** Largest quantity of one line that we believe. */
  quantity: 1_000_000,
  zones: 200,
  zoneCountries: 300,
  paymentOptions: 20,
  categories: 100,
  specs: 200,
  /** Seconds that an event may lie ahead of our clock. */
  futureSeconds: 15 * 60,
  /** Orphans: messages whose order has not come (orders.md §5.9). */
  orphansPerKey: 50,
  orphansPerAuthor: 200,
  orphans: 2_000,
  orphanSeconds: 90 * 24 * 3600,
  messagesPerOrder: 1_000,
  strangerRelays: 10,
  /** Entries of a published relay list (10002, 10050) that are looked at. */
  relayListEntries: 100,
  /** Inbox relays that NIP-17 advises at most. */
  inboxRelays: 3,
} as const
