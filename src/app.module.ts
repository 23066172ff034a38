import { Module, type DynamicModule } from '@nestjs/common'
import { MortiseModule, type MortiseOptions } from './mortise.module.js'

/** The application that `npm start` runs: the host and nothing else. */
@Module({})
export class AppModule {
  static with(options: MortiseOptions): DynamicModule {
    return { module: AppModule, imports: [MortiseModule.forRoot(options)] }
  }
}
