import { flushPromises, mount } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import { defineComponent, h, nextTick, ref, shallowRef } from 'vue'
import { lazyPart, loadWhenIdle, onceWanted, usePartsOf } from '../../../src/components/lazy-part'
import { later, type Later } from '../../support/later'

const Part = defineComponent({ props: { text: { type: String, required: true } }, setup: props => () => h('p', { class: 'part' }, props.text) })
type Came = { readonly default: typeof Part }

/** A chunk that comes when the test says so, or does not. */
function chunk() {
  const asked: Later<Came>[] = []
  return {
    load: (): Promise<Came> => {
      const one = later<Came>()
      asked.push(one)
      return one.promise
    },
    asked,
    come: async () => {
      asked.at(-1)?.resolve({ default: Part })
      await flushPromises()
    },
    fail: async () => {
      asked.at(-1)?.reject(new TypeError('Failed to fetch dynamically imported module'))
      await flushPromises()
    },
  }
}

it('shows a part once it came, with what it was given', async () => {
  const { load, come } = chunk()
  const Lazy = lazyPart(load)
  const page = mount(() => h(Lazy, { text: 'here' }))
  expect(page.text()).toBe('')
  await come()
  expect(page.get('.part').text()).toBe('here')
  page.unmount()
})

it('says that a part did not come, and asks for it again', async () => {
  const { load, asked, come, fail } = chunk()
  const Lazy = lazyPart(load)
  const page = mount(() => h(Lazy, { text: 'here' }))
  await fail()
  const note = page.get('[data-test=part-missing]')
  expect(note.attributes('role')).toBe('alert')
  expect(note.text()).toContain('nothing was sent')
  await note.get('button').trigger('click')
  expect(asked).toHaveLength(2)
  expect(page.find('[data-test=part-missing]').exists()).toBe(false)
  await come()
  expect(page.get('.part').text()).toBe('here')
  page.unmount()
})

it('offers to load the page anew when trying again does not help', async () => {
  const { load, fail } = chunk()
  const Lazy = lazyPart(load)
  const page = mount(() => h(Lazy, { text: 'here' }))
  await fail()
  await page.get('button').trigger('click')
  await fail()
  expect(page.get('[data-test=part-missing]').text()).toContain('a version of Souk that is gone')
  expect(page.get('button').text()).toBe('Load the page again')
  page.unmount()
})

it('does not say of a part that it is missing before it is shown', async () => {
  const { load, asked, fail } = chunk()
  const page = mount(defineComponent({
    setup() {
      loadWhenIdle(load)
      return () => h('p', 'the page')
    },
  }))
  await vi.waitFor(() => expect(asked).toHaveLength(1))
  await fail()
  expect(page.text()).toBe('the page')
  page.unmount()
})

it('shows a thing whole: not before what it needs is here, and never takes it away again', async () => {
  const { load, come } = chunk()
  const key = shallowRef<string | null>(null)
  const needed = ref(true)
  const page = mount(defineComponent({
    setup() {
      const isWhole = usePartsOf(() => key.value, () => needed.value ? [load] : [])
      return () => h('p', isWhole.value ? 'whole' : 'bones')
    },
  }))
  key.value = 'one'
  await nextTick()
  expect(page.text()).toBe('bones')
  await come()
  expect(page.text()).toBe('whole')
  // What came once is not waited for again, not even for a moment.
  key.value = 'two'
  await nextTick()
  expect(page.text()).toBe('whole')
  page.unmount()
})

it('shows the rest of a thing where a part of it does not come', async () => {
  const { load, fail } = chunk()
  const page = mount(defineComponent({
    setup() {
      const isWhole = usePartsOf(() => 'one', () => [load])
      return () => h('p', isWhole.value ? 'whole' : 'bones')
    },
  }))
  expect(page.text()).toBe('bones')
  await fail()
  expect(page.text()).toBe('whole')
  page.unmount()
})

it('keeps a sheet that was open once, so that it can give the focus back', async () => {
  const open = ref(false)
  const page = mount(defineComponent({
    setup() {
      const was = onceWanted(() => open.value)
      return () => was.value ? h('dialog') : null
    },
  }))
  expect(page.find('dialog').exists()).toBe(false)
  open.value = true
  await nextTick()
  open.value = false
  await nextTick()
  expect(page.find('dialog').exists()).toBe(true)
  page.unmount()
})
