import type { Picture } from './pictures'

/** Merchants who list in the tags of NIP-99 and the Gamma spec alone: one stall each, under their own name. */
export interface GammaGood {
  readonly id: string
  readonly name: string
  readonly text: string
  readonly price: number
  /** null: not tracked. */
  readonly stock: number | null
  readonly tags: readonly string[]
  readonly picture: Picture
  readonly specs?: readonly (readonly [string, string])[]
  readonly weight?: readonly [value: string, unit: string]
  /** `collection`: by all ways of it; else ids of shipping options, with what each piece adds. Absent: nothing is sent. */
  readonly ships?: 'collection' | Readonly<Record<string, number>>
  /** A parent of variations, or the id of the parent. */
  readonly variable?: true
  readonly variationOf?: string
}

export interface GammaShop {
  readonly merchant: 'dario' | 'esma'
  readonly currency: 'SAT' | 'EUR'
  readonly shipping: readonly { readonly id: string, readonly title: string, readonly text: string, readonly cost: number, readonly countries: 'worldwide' | readonly string[], readonly service: 'standard' | 'pickup' | 'digital', readonly carrier?: string, readonly days?: readonly [number, number], readonly pickup?: string }[]
  readonly collection: { readonly id: string, readonly title: string, readonly text: string, readonly products: readonly string[], readonly shipping: readonly string[] }
  readonly goods: readonly GammaGood[]
}

const EUROPE = ['AT', 'BE', 'CH', 'CZ', 'DE', 'DK', 'ES', 'FI', 'FR', 'IE', 'NL', 'PL', 'PT', 'SE'] as const
const PARCEL = { italy: 0, europe: 0, workshop: 0 } as const
const WOOLLEN = { europe: 0, world: 0 } as const

export const GAMMA_SHOPS: readonly GammaShop[] = [
  {
    merchant: 'dario', currency: 'EUR',
    shipping: [
      { id: 'italy', title: 'Italy, by post', text: 'Posted on the day after the payment.', cost: 6.5, countries: ['IT'], service: 'standard', carrier: 'Poste Italiane', days: [2, 4] },
      { id: 'europe', title: 'Europe, tracked', text: 'With a number that you can follow.', cost: 14, countries: EUROPE, service: 'standard', carrier: 'DHL', days: [4, 8] },
      { id: 'workshop', title: 'Collect at the workshop', text: 'Tuesday to Saturday, ring twice.', cost: 0, countries: ['IT'], service: 'pickup', pickup: 'Via dei Mulini 12, 40121 Bologna' },
    ],
    collection: { id: 'ride-to-work', title: 'Ride to work', text: 'What makes a plain bicycle a good one for every morning.', products: ['brass-bicycle-bell', 'waxed-pannier-bag', 'dynamo-front-light'], shipping: ['italy', 'europe'] },
    goods: [
      { id: 'brass-bicycle-bell', name: 'Brass bicycle bell', text: 'Turned from one piece. One strike carries round the corner, and takes its time to fade.', price: 24, stock: 18, tags: ['Bicycle'], picture: 'chime-amber', specs: [['Clamp', '22.2 mm']], weight: ['90', 'g'], ships: 'collection' },
      { id: 'dynamo-front-light', name: 'Dynamo front light', text: 'Throws a broad, even beam and stays lit for four minutes at the traffic lights.', price: 54, stock: 9, tags: ['Bicycle', 'Light'], picture: 'lamp-sea', specs: [['Brightness', '60 lux'], ['Mount', 'Fork crown']], weight: ['140', 'g'], ships: PARCEL },
      { id: 'waxed-pannier-bag', name: 'Pannier bag, waxed canvas', text: 'Eighteen litres, two straps, no zip that could break. Rain beads on it; mud brushes off.', price: 78, stock: 7, tags: ['Bicycle', 'Bags'], picture: 'pannier-moss', specs: [['Holds', '18 l']], weight: ['1.1', 'kg'], ships: { italy: 1.5, europe: 4, workshop: 0 } },
      { id: 'leather-saddle', name: 'Leather saddle', text: 'Hung like a hammock between two rails. Hard for a week, yours for twenty years. Two colours, two widths: choose one of each.', price: 89, stock: null, tags: ['Bicycle'], picture: 'seat-bark', ships: PARCEL, variable: true },
      { id: 'leather-saddle-honey', name: 'Leather saddle, honey', text: 'The saddle in light leather, which darkens as it learns your shape.', price: 89, stock: 5, tags: ['Bicycle'], picture: 'seat-amber', specs: [['Colour', 'Honey'], ['Width', 'Narrow']], weight: ['520', 'g'], ships: PARCEL, variationOf: 'leather-saddle' },
      { id: 'leather-saddle-night', name: 'Leather saddle, night blue', text: 'The saddle in dark blue, dyed in the drum. Copper rivets.', price: 95, stock: 2, tags: ['Bicycle'], picture: 'seat-indigo', specs: [['Colour', 'Night blue'], ['Width', 'Narrow']], weight: ['520', 'g'], ships: PARCEL, variationOf: 'leather-saddle' },
      { id: 'frame-pump', name: 'Frame pump', text: 'Sits under the top tube and gets a tyre to seven bar without a red face.', price: 32, stock: 14, tags: ['Bicycle', 'Tools'], picture: 'pump-rose', specs: [['Length', '36 cm']], ships: PARCEL },
      { id: 'wool-cycling-cap', name: 'Cycling cap, wool', text: 'Three panels and a short brim. Fits under a helmet, and under an awning with a coffee.', price: 27, stock: 21, tags: ['Bicycle', 'Clothing'], picture: 'brim-plum', ships: { italy: 0, europe: 0 } },
      { id: 'cork-bar-tape', name: 'Bar tape, cork', text: 'A pair of rolls with plugs. Sold out until the cork comes from Sardinia.', price: 16, stock: 0, tags: ['Bicycle'], picture: 'tape-straw', ships: PARCEL },
      { id: 'repair-handbook-file', name: 'Repair handbook (PDF)', text: 'Every adjustment that I make in the workshop, drawn by hand on sixty-four pages. Nothing is sent by post: you get the link in a message.', price: 12, stock: null, tags: ['Books', 'Digital'], picture: 'manual-clay', specs: [['Pages', '64'], ['Format', 'PDF']] },
      { id: 'leather-saddle-honey-wide', name: 'Leather saddle, honey', text: 'The saddle in light leather, cut for an upright seat.', price: 94, stock: 3, tags: ['Bicycle'], picture: 'seat-amber', specs: [['Colour', 'Honey'], ['Width', 'Wide']], weight: ['560', 'g'], ships: PARCEL, variationOf: 'leather-saddle' },
      { id: 'leather-saddle-night-wide', name: 'Leather saddle, night blue', text: 'The saddle in dark blue, cut for an upright seat. The tanner brings new hides in spring.', price: 99, stock: 0, tags: ['Bicycle'], picture: 'seat-indigo', specs: [['Colour', 'Night blue'], ['Width', 'Wide']], weight: ['560', 'g'], ships: PARCEL, variationOf: 'leather-saddle' },
    ],
  },
  {
    merchant: 'esma', currency: 'SAT',
    shipping: [
      { id: 'europe', title: 'Europe, by post', text: 'Türkiye and all of Europe.', cost: 9000, countries: [...EUROPE, 'IT', 'TR', 'GB'], service: 'standard', days: [5, 10] },
      { id: 'world', title: 'Worldwide, tracked', text: 'By air.', cost: 15_000, countries: 'worldwide', service: 'standard', carrier: 'PTT', days: [7, 21] },
      { id: 'email', title: 'By e-mail', text: 'As a file, at once.', cost: 0, countries: 'worldwide', service: 'digital' },
    ],
    collection: { id: 'first-snow', title: 'First snow', text: 'For the day when the lake smokes in the morning.', products: ['lake-mittens', 'bobble-hat', 'felted-slippers'], shipping: ['europe', 'world'] },
    goods: [
      { id: 'merino-skein-indigo', name: 'Merino skein, indigo', text: 'Hand-dyed in seven dips. No two skeins are quite alike, so order for the whole jumper.', price: 14_000, stock: 60, tags: ['Wool', 'Crafts'], picture: 'skein-indigo', specs: [['Length', '220 m'], ['Needles', '4 mm']], weight: ['100', 'g'], ships: WOOLLEN },
      { id: 'sock-yarn-madder', name: 'Sock yarn, madder red', text: 'With a little mohair, which lasts longer than nylon and feels better.', price: 9000, stock: 45, tags: ['Wool', 'Crafts'], picture: 'yarn-rose', weight: ['100', 'g'], ships: WOOLLEN },
      { id: 'olive-wood-needles', name: 'Knitting needles, olive wood', text: 'A pair, turned and oiled. Warm in the hand from the first row.', price: 16_000, stock: 20, tags: ['Crafts', 'Tools'], picture: 'needles-straw', specs: [['Thickness', '4 mm'], ['Length', '33 cm']], ships: WOOLLEN },
      { id: 'lake-mittens', name: 'Lake mittens', text: 'Two strands, so twice as warm. The pattern is my grandmother’s.', price: 22_000, stock: 12, tags: ['Wool', 'Clothing'], picture: 'mittens-sea', ships: 'collection' },
      { id: 'bobble-hat', name: 'Bobble hat', text: 'Thick ribs, a bobble that is sewn on for good.', price: 19_500, stock: 16, tags: ['Wool', 'Clothing'], picture: 'hat-clay', ships: 'collection' },
      { id: 'felted-slippers', name: 'Felted slippers', text: 'Knitted far too large, then boiled to size. Tell me yours in the message.', price: 38_000, stock: 8, tags: ['Wool', 'Clothing', 'Home'], picture: 'slippers-plum', weight: ['350', 'g'], ships: { europe: 1000, world: 3000 } },
      { id: 'lambswool-blanket', name: 'Lambswool blanket', text: 'Woven in one width on the big loom. For two on a sofa or one who does not share.', price: 120_000, stock: 3, tags: ['Wool', 'Home'], picture: 'blanket-moss', specs: [['Size', '140 × 200 cm']], weight: ['1.6', 'kg'], ships: { europe: 2500, world: 8000 } },
      { id: 'kilim-cushion', name: 'Kilim cushion', text: 'Cut from a rug that had done its walking. Feather filling, a zip at the back.', price: 42_000, stock: 6, tags: ['Home'], picture: 'cushion-rose', specs: [['Size', '45 × 45 cm']], ships: { europe: 1500, world: 5000 } },
      { id: 'lake-mittens-pattern', name: 'Lake mittens (knitting pattern)', text: 'Charts for three sizes, as PDF. By e-mail, so no address is needed.', price: 4500, stock: null, tags: ['Crafts', 'Digital'], picture: 'pattern-indigo', ships: { email: 0 } },
    ],
  },
]

/** What made-up shoppers think of it: a thumb, and how good it is in one respect, 0…1. */
export const REVIEWS = [
  { by: 'reviewer Ida', name: 'Ida Berg', merchant: 'dario', product: 'brass-bicycle-bell', thumb: '1', quality: '0.9', text: 'Louder than it looks, and prettier.' },
  { by: 'reviewer Jonas', name: 'Jonas Lind', merchant: 'dario', product: 'brass-bicycle-bell', thumb: '1', quality: '0.7', text: 'Good bell. The clamp needed a little paper under it.' },
  { by: 'reviewer Ida', name: 'Ida Berg', merchant: 'esma', product: 'felted-slippers', thumb: '0', quality: '0.4', text: 'Warm, but a size too large in spite of my message.' },
] as const
