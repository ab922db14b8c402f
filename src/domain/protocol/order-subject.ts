/**
 * A subject of kind 14 is an order's id, or what people talk about (NIP-17). An id is one word with a digit in it; a chat that
 * is taken for an order's by mistake would wait for that order unseen.
 */
export const isOrderSubject = (subject: string): boolean => /^(?=\S*\d)[^\s\p{C}]{8,128}$/u.test(subject)
