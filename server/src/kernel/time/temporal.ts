// The one way to Temporal: the runtime's own where it has one, the polyfill elsewhere (the package's main entry chooses).
// Nobody else imports the polyfill, so the day it is no longer needed this line is all that changes.
export { Temporal } from 'temporal-polyfill'
