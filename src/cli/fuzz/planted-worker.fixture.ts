import { work } from '../../fuzz/campaign/worker.ts'
import { plantedTarget } from './server-planted.fixture.ts'

/** A worker whose server is the planted one: `server:planted/overflow,hang`, as it was built. */
await work(({ target, settings }) => {
  const faults = target.split('/')[1]?.split(',') ?? []
  return plantedTarget(settings?.['program'] ?? '', faults, { patience: 500 })
})
