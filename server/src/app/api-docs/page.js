// Draws openapi.json. Text only ever becomes text: nothing in the description can become markup.

/** @param {string} tag @param {Record<string, string>} attributes @param {...(Node | string)} children */
const element = (tag, attributes, ...children) => {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value)
  node.append(...children)
  return node
}

const code = (/** @type {string} */ text) => element('code', {}, text)

/** Sentences of the description mark names with backticks. */
const sentence = (/** @type {string} */ text) =>
  element('span', {}, ...text.split('`').map((part, index) => (index % 2 === 1 ? code(part) : part)))

/** What a schema allows, in a few words. */
const words = (schema) => {
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1)
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return choices.map(words).join(' | ')
  if (schema.type === 'array') return `list of ${words(schema.items ?? {})}`
  const limits = [
    'format',
    'pattern',
    'minLength',
    'maxLength',
    'minimum',
    'maximum',
    'minItems',
    'maxItems',
    'default',
  ]
    .filter((name) => schema[name] !== undefined && Math.abs(schema[name]) !== Number.MAX_SAFE_INTEGER)
    .map((name) => `${name} ${JSON.stringify(schema[name])}`)
  return [[schema.type ?? 'anything'].flat().join(' | '), ...limits].join(', ')
}

const draw = (description) => {
  const resolve = (schema) =>
    schema.$ref === undefined ? schema : description.components.schemas[schema.$ref.split('/').at(-1)]

  /** The fields of a schema; those that have fields themselves unfold when they are asked for. */
  const fields = (schema, depth = 0) => {
    const full = resolve(schema)
    const choices = full.anyOf ?? full.oneOf
    if (choices !== undefined)
      return element(
        'div',
        {},
        ...choices.filter((choice) => choice.type !== 'null').map((choice) => fields(choice, depth)),
      )
    if (full.type === 'array') return fields(full.items ?? {}, depth)
    if (full.properties === undefined) return element('p', { class: 'quiet' }, words(full))
    const list = element('dl', {})
    for (const [name, field] of Object.entries(full.properties)) {
      const needed = full.required?.includes(name) === true
      list.append(
        element('dt', {}, code(name), needed ? '' : element('span', { class: 'quiet' }, ' optional')),
      )
      const about = element(
        'dd',
        {},
        words(field),
        field.description === undefined ? '' : `. ${field.description}`,
      )
      if (depth < 6 && hasFields(field)) {
        const more = element('details', {}, element('summary', {}, 'fields'))
        more.addEventListener('toggle', () => more.append(fields(field, depth + 1)), { once: true })
        about.append(more)
      }
      list.append(about)
    }
    return list
  }
  const hasFields = (schema) => {
    const full = resolve(schema)
    if (full.type === 'array') return hasFields(full.items ?? {})
    const choices = full.anyOf ?? full.oneOf
    return choices === undefined ? full.properties !== undefined : choices.some(hasFields)
  }

  const body = (title, content) =>
    Object.entries(content ?? {}).flatMap(([media, { schema }]) => [
      element('h3', {}, `${title} (${media})`),
      schema === undefined ? element('p', { class: 'quiet' }, 'not JSON') : fields(schema),
    ])

  const operation = (path, method, about) => {
    const box = element(
      'details',
      { id: about.operationId },
      element(
        'summary',
        {},
        element('span', { class: 'method' }, method.toUpperCase()),
        code(path),
        ' ',
        about.summary,
      ),
    )
    const open = () => {
      box.append(element('p', { class: 'quiet' }, sentence(about.description)))
      if (about.parameters.length > 0) {
        const list = element('dl', {})
        for (const { name, in: place, required, schema, description } of about.parameters)
          list.append(
            element(
              'dt',
              {},
              code(name),
              element('span', { class: 'quiet' }, ` ${place}${required ? '' : ', optional'}`),
            ),
            element(
              'dd',
              {},
              words(schema),
              description === undefined ? '' : '. ',
              sentence(description ?? ''),
            ),
          )
        box.append(element('h3', {}, 'Parameters'), list)
      }
      box.append(...body('Body', about.requestBody?.content))
      for (const [status, answer] of Object.entries(about.responses))
        if (status !== 'default') box.append(...body(`Answer ${status}`, answer.content))
    }
    box.addEventListener('toggle', open, { once: true })
    return { box, text: JSON.stringify([path, method, about]).toLowerCase() }
  }

  const groups = new Map()
  for (const [path, methods] of Object.entries(description.paths))
    for (const [method, about] of Object.entries(methods)) {
      const [tag] = about.tags
      groups.set(tag, [...(groups.get(tag) ?? []), operation(path, method, about)])
    }
  const main = document.querySelector('main')
  const sections = [...groups].map(([tag, operations]) => ({
    operations,
    section: element('section', {}, element('h2', {}, tag), ...operations.map(({ box }) => box)),
  }))
  main.replaceChildren(...sections.map(({ section }) => section))
  document.querySelector('#find').addEventListener('input', ({ target }) => {
    const wanted = target.value.toLowerCase().trim()
    for (const { operations, section } of sections) {
      for (const { box, text } of operations) box.hidden = !text.includes(wanted)
      section.hidden = operations.every(({ box }) => box.hidden)
    }
  })
  // Opened by its address: #raiseIncident
  const named = location.hash === '' ? null : document.querySelector(`#${CSS.escape(location.hash.slice(1))}`)
  if (named instanceof HTMLDetailsElement) {
    named.open = true
    named.scrollIntoView()
  }
}

const answer = await fetch('/api/v1/openapi.json')
if (answer.ok) draw(await answer.json())
else document.querySelector('main').replaceChildren('Sign in to Evenkeel first, then load this page again.')
