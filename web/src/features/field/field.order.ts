type Placed = { readonly id: string; readonly position: number }

/** A field's key from its label: what filters, exports and the API call it. */
export const keyFrom = (label: string): string =>
  label
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[^a-z]+|_+$/g, '')
    .slice(0, 40)

/** Which fields get another position when one goes up or down: usually two, all of them where positions were equal. */
export const moved = <Field extends Placed>(
  fields: readonly Field[],
  id: string,
  by: -1 | 1,
): readonly { readonly field: Field; readonly position: number }[] => {
  const from = fields.findIndex((field) => field.id === id)
  const [field, other] = [fields[from], fields[from + by]]
  if (field === undefined || other === undefined) return []
  const order = fields.map((one) => (one === field ? other : one === other ? field : one))
  const [a, b] = by === -1 ? [other, field] : [field, other]
  const positions =
    a.position < b.position ? fields.map((one) => one.position) : fields.map((_, index) => (index + 1) * 10)
  return order.flatMap((one, index) => {
    const position = positions[index] ?? one.position
    return position === one.position ? [] : [{ field: one, position }]
  })
}
