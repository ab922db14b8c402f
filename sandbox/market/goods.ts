import type { Picture } from './pictures'

export interface Good {
  readonly name: string
  readonly text: string
  readonly price: number
  /** null: unlimited. */
  readonly stock: number | null
  readonly tags: readonly string[]
  readonly picture: Picture | null
  readonly specs?: readonly (readonly [string, string])[]
  /** Extra cost per piece, by zone id. */
  readonly extra?: Readonly<Record<string, number>>
}

export interface DemoStall {
  readonly id: string
  readonly merchant: 'amina' | 'bruno' | 'chiyo'
  readonly name: string
  readonly text: string
  readonly currency: 'SAT' | 'EUR' | 'USD'
  readonly zones: readonly { readonly id: string, readonly name: string, readonly cost: number, readonly countries: readonly string[] }[]
  readonly goods: readonly Good[]
}

const EUROPE = ['Austria', 'Belgium', 'Czechia', 'Denmark', 'Finland', 'France', 'Germany', 'Ireland', 'Italy', 'Netherlands', 'Poland', 'Portugal', 'Spain', 'Sweden', 'Switzerland'] as const
const good = (name: string, price: number, stock: number | null, picture: Picture | null, tags: readonly string[], text: string, more: Pick<Good, 'specs' | 'extra'> = {}): Good => ({ name, price, stock, picture, tags, text, ...more })

export const PEOPLE = {
  amina: { name: 'Amina Haddad', about: 'Beekeeper and candle maker above the lake. I ship on Tuesdays and Fridays.' },
  bruno: { name: 'Bruno Keller', about: 'Potter, printer of small things, and keeper of too many books.' },
  chiyo: { name: 'Chiyo Mori', about: 'Tea, records and sharp knives. Everything tried at home first.' },
  dario: { name: 'Dario Conti', about: 'Bicycle workshop in Bologna: parts that outlast the bicycle.' },
  esma: { name: 'Esma Demir', about: 'Wool from the lake: spun, dyed, knitted and felted by four hands.' },
} as const

export const STALLS: readonly DemoStall[] = [
  {
    id: 'bramble-and-bee', merchant: 'amina', name: 'Bramble & Bee', currency: 'SAT', text: 'Honey, wax and what grows around the hives. Small batches from forty colonies that spend their summers on mountain meadows.',
    zones: [
      { id: 'alps', name: 'Alps and neighbours', cost: 4500, countries: ['Austria', 'Germany', 'Italy', 'Switzerland', 'France'] },
      { id: 'europe', name: 'Rest of Europe', cost: 7500, countries: EUROPE },
      { id: 'world', name: 'Worldwide', cost: 19000, countries: ['Worldwide'] },
    ],
    goods: [
      good('Alpine wildflower honey, 500 g', 14500, 24, 'honey-amber', ['Food', 'Honey'], 'Gathered in July between 1,200 and 1,800 metres. Thyme, clover and alpine rose, with a finish like warm hay. Sets to a soft cream by Christmas.', { specs: [['Weight', '500 g'], ['Harvest', 'July'], ['Keeps', 'Two years, dark and dry']], extra: { world: 2500 } }),
      good('Chestnut honey, 500 g', 16500, 12, 'honey-bark', ['Food', 'Honey'], 'Dark, a little bitter, wonderful with hard cheese. From the chestnut woods on the south side.', { specs: [['Weight', '500 g']], extra: { world: 2500 } }),
      good('Comb honey in its frame', 28000, 3, 'comb-amber', ['Food', 'Honey'], 'A whole small frame, cut on the day you order. Eat the wax or leave it, as you like.', { extra: { europe: 1500, world: 6000 } }),
      good('Linden honey, 250 g', 8200, 40, 'honey-straw', ['Food', 'Honey'], 'From the avenue behind the church: minty, pale, quick to crystallise.'),
      good('Honey vinegar, 35 cl', 9800, 18, 'bottle-amber', ['Food'], 'Mead turned on purpose. Four months in oak, unfiltered. A spoonful wakes up any salad.', { extra: { alps: 800, europe: 1200, world: 3000 } }),
      good('Beeswax wraps, set of three', 11000, 30, 'wraps-straw', ['Home', 'Wax'], 'Cotton, wax and a little pine resin. Hold bread fresh for days and last about a year.'),
      good('Hive tour for two', 42000, 6, 'hive-moss', ['Experience'], 'A morning at the hives, veils and cake included. You get a voucher by post and choose a date from May to August.'),
      good('Propolis tincture, 20 ml', 12500, 0, 'dropper-bark', ['Wellbeing'], 'Sold out until the autumn scraping. Put a note in the calendar for October.'),
      good('Bee pollen, 200 g', 13800, 15, 'jar-straw', ['Food'], 'Dried slowly and low. Tastes of flowers and a little of dust, in the best way.'),
      good('Flower seeds for bees', 3200, 120, 'seeds-rose', ['Garden'], 'Phacelia, cornflower, borage and friends: enough for ten square metres of hum.'),
    ],
  },
  {
    id: 'slow-light', merchant: 'amina', name: 'Slow Light Candles', currency: 'EUR', text: 'Candles of pure beeswax, poured by hand in the old dairy. They burn long, bright and without a drip.',
    zones: [
      { id: 'eu', name: 'Europe', cost: 5.9, countries: EUROPE },
      { id: 'pickup', name: 'Collect at the dairy', cost: 0, countries: ['Austria'] },
    ],
    goods: [
      good('Pillar candle, tall', 18.5, 20, 'candle-amber', ['Home', 'Candles'], 'Eighteen centimetres, forty hours of light. The top dips as it burns and glows from within.', { specs: [['Height', '18 cm'], ['Burns', '40 hours']] }),
      good('Dinner candles, pair', 9.9, 60, 'tapers-straw', ['Home', 'Candles'], 'Slim, straight and honest. Fit every holder of 22 mm.'),
      good('Tea lights, dozen', 12, 80, 'tealights-amber', ['Home', 'Candles'], 'Pure wax in glass cups that you keep. Refills are cheaper: write to us.'),
      good('Travel candle in a tin', 14.5, 25, 'tin-moss', ['Home', 'Candles', 'Gifts'], 'Lid on, into the bag. Smells faintly of honey and of nothing else.'),
      good('Skep candle', 16, 14, 'skep-straw', ['Home', 'Gifts'], 'Shaped like the old straw hive. Children want to keep it; that is allowed.'),
      good('Candle workshop, one evening', 49, 8, 'dipping-amber', ['Experience'], 'Dip, pour and roll with us. You go home with four candles and warm hands.'),
      good('Wax polish for wood', 11.5, 33, 'polish-bark', ['Home', 'Care'], 'Beeswax, linseed oil, nothing else. For boards, spoons and the table that has seen everything.'),
      good('Matches in a jar', 7.5, 45, 'matches-rose', ['Home', 'Gifts'], 'Sixty long matches with a striker on the base.'),
      good('Advent set of four', 29, 2, 'advent-clay', ['Home', 'Candles', 'Gifts'], 'Four pillars in four heights. The last sets of this year.', { extra: { eu: 2 } }),
      good('Lip balm', 5.5, 90, 'balm-moss', ['Care'], 'Wax, almond oil and a drop of mint. Small tin, long winter.'),
    ],
  },
  {
    id: 'kiln-street', merchant: 'bruno', name: 'Kiln Street Pottery', currency: 'EUR', text: 'Stoneware for every day, thrown on a kick wheel and fired with wood twice a year. No two pieces are quite alike.',
    zones: [
      { id: 'de', name: 'Germany', cost: 4.9, countries: ['Germany'] },
      { id: 'eu', name: 'European Union', cost: 11.5, countries: EUROPE },
    ],
    goods: [
      good('Breakfast mug', 24, 16, 'mug-sea', ['Home', 'Pottery'], 'Three decilitres, a handle for three fingers. Ash glaze outside, white inside.', { specs: [['Holds', '300 ml'], ['Dishwasher', 'Yes']], extra: { eu: 1 } }),
      good('Espresso cup', 16, 22, 'espresso-clay', ['Home', 'Pottery'], 'Thick walls keep it warm for the length of a short conversation.'),
      good('Soup bowl', 32, 9, 'bowl-bark', ['Home', 'Pottery'], 'Deep enough for a winter evening. Stacks well with its sisters.', { extra: { de: 0.5, eu: 2 } }),
      good('Serving bowl, large', 68, 4, 'platter-clay', ['Home', 'Pottery'], 'Thirty-two centimetres of iron glaze. It travels in straw and a wooden box.', { extra: { de: 3, eu: 7.5 } }),
      good('Salt pig', 29, 11, 'saltpig-sea', ['Home', 'Kitchen'], 'An open mouth for a quick pinch. Clay breathes, so the salt stays loose.'),
      good('Butter bell', 38, 7, 'bell-straw', ['Home', 'Kitchen'], 'A little water in the base keeps butter soft and fresh for a week without a fridge.'),
      good('Bud vase', 19, 18, 'vase-sea', ['Home', 'Pottery'], 'For one flower, or a good twig.'),
      good('Seconds: lucky dip', 12, null, 'stack-plum', ['Home', 'Pottery'], 'A piece with a beauty spot: a runny glaze, a slight lean. Always usable, never the same.'),
      good('Plant pot with saucer', 34, 13, 'plant-clay', ['Home', 'Garden'], 'Unglazed outside, so roots can breathe. For plants of up to fifteen centimetres across.', { extra: { eu: 2.5 } }),
      good('Tasting set of six very small cups for those who cannot decide between the ash, the iron, the celadon, the tenmoku, the shino and the plain white glaze and therefore want them all', 79, 5, 'cups-cream', ['Home', 'Pottery', 'Gifts'], 'All six house glazes in one box. Hold four centilitres each: right for sake, grappa, or a serious espresso.'),
    ],
  },
  {
    id: 'ink-and-reed', merchant: 'bruno', name: 'Ink & Reed', currency: 'USD', text: 'Prints from an old proofing press, and the books and files that grew around it.',
    zones: [
      { id: 'post', name: 'Letter post, worldwide', cost: 6, countries: ['Worldwide'] },
      { id: 'digital', name: 'Free (digital)', cost: 0, countries: [] },
    ],
    goods: [
      good('Linocut: Low sun', 45, 30, 'sun-clay', ['Art', 'Prints'], 'Two colours on cotton paper, signed and numbered in an edition of eighty.', { specs: [['Sheet', '30 × 40 cm'], ['Edition', '80']] }),
      good('Linocut: The ford', 45, 12, 'ford-sea', ['Art', 'Prints'], 'Three blocks, one river. Printed by hand on a Tuesday in March.'),
      good('Linocut: Night kitchen', 55, 8, 'night-amber', ['Art', 'Prints'], 'Mostly black, and one window.'),
      good('Letterpress cards, ten', 22, 50, 'cards-moss', ['Stationery', 'Gifts'], 'Five leaves, two of each, with envelopes that close properly.'),
      good('Small sketchbook', 18, 40, 'sketchbook-clay', ['Stationery'], 'Sewn, so it lies flat. Ninety-six pages that take ink without bleeding.'),
      good('Field guide to hedgerows (e-book)', 9, null, 'guide-moss', ['Books', 'Digital'], 'One hundred and twenty drawings with notes, as EPUB and PDF. You get the link in a message as soon as it is paid.', { specs: [['Pages', '184'], ['Formats', 'EPUB, PDF']] }),
      good('Lino printing at home (course file)', 24, null, 'course-plum', ['Books', 'Digital'], 'Six lessons and the patterns for your first block. Needs a table, a spoon and patience.'),
      good('Printable calendar 2027', 5, null, 'calendar-sea', ['Digital', 'Stationery'], 'Twelve prints, one a month, ready for A4 and Letter.'),
      good('Reed pens, three', 14, 26, 'pens-straw', ['Stationery', 'Tools'], 'Cut from the river bank and hardened in sand. They want to be sharpened; a leaflet says how.'),
      good('Mystery print', 15, 60, null, ['Art', 'Prints'], 'A proof, a test or a happy mistake. No picture, because we do not know either.'),
    ],
  },
  {
    id: 'mori-tea', merchant: 'chiyo', name: 'Mori Tea', currency: 'SAT', text: 'Leaf teas from three gardens that I visit every spring, packed on the day they are sent.',
    zones: [
      { id: 'asia', name: 'Asia and Oceania', cost: 6000, countries: ['Japan', 'Australia', 'New Zealand', 'Singapore', 'South Korea', 'Taiwan'] },
      { id: 'else', name: 'Everywhere else', cost: 11000, countries: ['Worldwide'] },
    ],
    goods: [
      good('Spring sencha, 80 g', 19500, 35, 'pouch-moss', ['Tea', 'Food'], 'First picking, deep steamed. Water at seventy degrees, one minute, no more.', { specs: [['Weight', '80 g'], ['Garden', 'Uji'], ['Picked', 'May']] }),
      good('Hojicha, 100 g', 12500, 50, 'pouch-bark', ['Tea', 'Food'], 'Roasted until it smells of autumn. Low in caffeine, high in comfort.'),
      good('Gyokuro, 40 g', 32000, 10, 'leaves-moss', ['Tea', 'Food'], 'Shaded for three weeks. Sweet, thick, a little like the sea.'),
      good('Genmaicha, 100 g', 11000, 44, 'pouch-straw', ['Tea', 'Food'], 'Green tea with toasted rice. What the gardeners drink.'),
      good('Oolong, high mountain, 60 g', 26500, 16, 'leaves-bark', ['Tea', 'Food'], 'Rolled leaves that open over six infusions.'),
      good('Cold brew bottle', 23000, 19, 'infuser-tea', ['Tea', 'Home'], 'Glass with a fine filter. Leaves in at night, tea in the morning.', { extra: { asia: 1000, else: 2500 } }),
      good('Tea whisk', 18500, 12, 'whisk-straw', ['Tea', 'Home'], 'Split from one piece of bamboo into eighty tines.'),
      good('Matcha, ceremony, 30 g', 29500, 20, 'canister-tea', ['Tea', 'Food'], 'Ground slowly on granite. Use within a month of opening.'),
      good('Tea bowl, moon white', 58000, 1, 'teabowl-cream', ['Tea', 'Pottery'], 'One left. A little crooked, very calm.', { extra: { else: 4000 } }),
      good('Tasting set, five teas', 24000, 28, 'tasting-tea', ['Tea', 'Gifts'], 'Five small bags and a card that says how long and how hot.'),
    ],
  },
  {
    id: 'edge-and-groove', merchant: 'chiyo', name: 'Edge & Groove', currency: 'USD', text: 'Kitchen knives from a family forge, and records that I could not leave in the shop.',
    zones: [
      { id: 'tracked', name: 'Tracked parcel, worldwide', cost: 14, countries: ['Worldwide'] },
      { id: 'jp', name: 'Japan', cost: 5, countries: ['Japan'] },
    ],
    goods: [
      good('Paring knife', 65, 14, 'knife-bark', ['Kitchen', 'Tools'], 'Ten centimetres of carbon steel. Sharp on arrival, and easy to keep so.', { specs: [['Blade', '10 cm'], ['Steel', 'Shirogami 2']] }),
      good('Santoku', 140, 6, 'santoku-bark', ['Kitchen', 'Tools'], 'The one for everything. Walnut handle, hand-forged edge.', { extra: { tracked: 4 } }),
      good('Bread knife', 95, 8, 'breadknife-straw', ['Kitchen', 'Tools'], 'Long, quiet teeth. Crusts give in.'),
      good('Whetstone, two sides', 38, 25, 'stone-sea', ['Kitchen', 'Tools'], 'Grit 1,000 and 6,000 with a bamboo base.', { extra: { tracked: 5 } }),
      good('Linen apron', 42, 17, 'apron-indigo', ['Kitchen', 'Clothing'], 'Cross-backed, with a pocket for a towel. Softer with every wash.'),
      good('LP: Rain on a tin roof', 26, 9, 'rain-sea', ['Music'], 'Field recordings and one piano. Side B is all night.'),
      good('LP: Harbour dances', 24, 7, 'waves-indigo', ['Music'], 'Brass, hand drums and a singer who never hurried.'),
      good('Seven-inch: Two short songs', 11, 30, 'single-rose', ['Music'], 'One happy, one less so.'),
      good('Indigo scarf', 58, 10, 'scarf-indigo', ['Clothing', 'Gifts'], 'Dyed eleven times and rinsed in the river.'),
      good('Cedar storage box', 47, 5, 'chest-bark', ['Home'], 'Dovetailed, unvarnished, sized for records or linen.', { extra: { tracked: 9, jp: 3 } }),
    ],
  },
]
