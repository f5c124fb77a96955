/** After a form was sent that lacks something: the first field that says so gets the focus, once it says so. */
export const focusFirstFault = (form: HTMLElement): void => {
  setTimeout(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
}
