/** As if pressed. The focus comes first: on a narrow screen it brings into sight what stands far below. */
export const press = (element: HTMLElement | null): void => {
  element?.focus()
  element?.click()
}
