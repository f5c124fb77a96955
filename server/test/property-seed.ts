import { configureGlobal, readConfigureGlobal } from 'fast-check'

// One seed for everybody's run, so that what fails here fails there; another one, and more runs, to look for what nobody has seen yet.
configureGlobal({
  ...readConfigureGlobal(),
  seed: Number(process.env['EVENKEEL_PROPERTY_SEED'] ?? 20_261_122),
})
