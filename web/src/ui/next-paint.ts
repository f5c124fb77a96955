/** Does what takes long when the browser has shown what the press itself changed. */
export const afterNextPaint = (run: () => void): void => {
  requestAnimationFrame(() => setTimeout(run, 0))
}
