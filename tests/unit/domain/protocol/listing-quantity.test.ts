import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withQuantity } from '../../../../src/domain/protocol/listing-quantity'

const space = fc.constantFrom('', ' ', '\n', '\t', '\r\n  ')
const pieces = fc.nat(2_000_000)
/** Values as other clients may write them: numbers that no parser gives back as they were, keys in any sequence. */
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }).map(one => JSON.stringify(one)),
  fc.constantFrom('1.0', '1e3', '12345678901234567890', '-0', '"\\u0071uantity"', '{"quantity":7}', '[{"quantity": 7}]', '"\\"quantity\\":7,"', '"}"', '{"10":1,"2":2}'),
)
const key = fc.oneof(fc.string().filter(name => name !== 'quantity').map(name => JSON.stringify(name)), fc.constantFrom('"__proto__"', '"2"', '"1"', '"Quantity"', '"\\u0071uantities"'))
const quantityKey = fc.constantFrom('"quantity"', '"\\u0071uantity"')
const fields = fc.array(fc.record({ key, value, a: space, b: space, c: space, d: space }), { maxLength: 8 })

test('any JSON survives letter by letter, but for the quantity', () => {
  fc.assert(fc.property(fields, fields, quantityKey, space, space, pieces, pieces, (before, after, name, left, right, former, next) => {
    const text = ({ key, value, a, b, c, d }: { key: string, value: string, a: string, b: string, c: string, d: string }) => `${a}${key}${b}:${c}${value}${d}`
    const made = (quantity: number) => `${left}{${[...before.map(text), `${name}:${left}${quantity}${right}`, ...after.map(text)].join(',')}}${right}`
    expect(withQuantity(made(former), next)).toBe(made(next))
  }), { numRuns: 500 })
})

test('any object, as a parser reads it, is the same but for the quantity', () => {
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), pieces, pieces, (body, former, next) => {
    const written = withQuantity(JSON.stringify({ ...body, quantity: former }), next)
    expect(JSON.parse(written ?? '')).toEqual(JSON.parse(JSON.stringify({ ...body, quantity: next })))
  }))
})

test('a key that is there twice says the same number twice: parsers differ in which one they believe', () => {
  expect(withQuantity('{"quantity":"x","a":1,"quantity":3}', 2)).toBe('{"quantity":2,"a":1,"quantity":2}')
})

test.each(['', 'no json', '[]', '3', '{}', '{"quantity":null}', '{"quantity":"3"}', '{"quantity":2.5}', '{"quantity":-1}', '{"a":{"quantity":3}}', '{"quantity":3}x'])('%s counts no pieces', (content) => {
  expect(withQuantity(content, 2)).toBeNull()
})
