import { mount, type VueWrapper } from '@vue/test-utils'
import { expect, test } from 'vitest'
import BackupStep from '../../../src/components/account/BackupStep.vue'
import { wordsToConfirm } from '../../../src/components/account/backup'
import { secretInFile, secretKind } from '../../../src/components/account/secret-kind'

const secretWords = 'leader monkey parrot ring guide accident before fence cannon height naive bean'.split(' ')
const step = (): VueWrapper => mount(BackupStep, { props: { secretWords, saveFile: async () => true } })

async function writeDown(wrapper: VueWrapper): Promise<void> {
  await wrapper.find('[data-test=way-words]').setValue(true)
  await wrapper.find('[data-test=reveal]').trigger('click')
  await wrapper.find('[data-test=written]').trigger('click')
}

test('the words stay hidden until they are asked for', async () => {
  const wrapper = step()
  await wrapper.find('[data-test=way-words]').setValue(true)
  for (const word of secretWords)
    expect(wrapper.html()).not.toContain(word)
  await wrapper.find('[data-test=reveal]').trigger('click')
  expect(wrapper.find('[data-test=words]').findAll('li').map(item => item.text().replace(/^\d+/, ''))).toEqual(secretWords)
})

test('a copy counts only when three of its words come back right', async () => {
  const wrapper = step()
  await writeDown(wrapper)
  expect(wrapper.find('[data-test=words]').exists()).toBe(false)
  const fields = wrapper.findAll('[data-word]')
  expect(fields).toHaveLength(3)
  for (const field of fields)
    await field.setValue('wrong')
  await wrapper.find('form').trigger('submit')
  expect(wrapper.emitted('done')).toBeUndefined()
  expect(wrapper.find('[role=alert]').text()).toContain('does not match')
  for (const field of fields)
    await field.setValue(` ${secretWords[Number(field.attributes('data-word')) - 1]?.toUpperCase()} `)
  await wrapper.find('form').trigger('submit')
  expect(wrapper.emitted('done')).toEqual([[true]])
})

test('a file counts once it was saved and found; later counts as no copy', async () => {
  const wrapper = step()
  expect(wrapper.find('[data-test=file-done]').exists()).toBe(false)
  await wrapper.find('[data-test=save-file]').trigger('click')
  await Promise.resolve()
  await wrapper.vm.$nextTick()
  await wrapper.find('[data-test=file-done]').trigger('click')
  await wrapper.find('[data-test=backup-later]').trigger('click')
  expect(wrapper.emitted('done')).toEqual([[true], [false]])
})

test('the words asked for are three different ones, spread over the list', () => {
  for (const chance of [0, 0.3, 0.99])
    expect(new Set(wordsToConfirm(12, () => chance)).size).toBe(3)
})

test('a pasted secret is recognised by its form, also inside a saved file', () => {
  const ncryptsec = `ncryptsec1${'q'.repeat(150)}`
  expect(secretKind(ncryptsec)).toBe('ncryptsec')
  expect(secretKind(secretWords.join(' '))).toBe('words')
  expect(secretKind('hello there')).toBe('unknown')
  expect(secretInFile(`Souk key (NIP-49). It opens with its passphrase.\n${ncryptsec}\n`)).toBe(ncryptsec)
})
