import { jsonSchema } from '#shell/config';

/** `tandem schema`: the JSON Schema of a configuration. */
export function printSchema(stdout: { write(text: string): unknown }): void {
  stdout.write(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
}
