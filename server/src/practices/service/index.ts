export { serviceDirectory, type ServiceEntry } from './service.directory.ts'
export { serviceRoutes } from './service.routes.ts'
export { createService } from './service.commands.ts'
export { findServicesNamed, makeServices, turnServices } from './service.brought.ts'
