export { serviceDirectory, type ServiceEntry } from './service.directory.ts'
