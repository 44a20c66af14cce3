type Schema = Record<string, unknown>;

/** What Gemini's own kind of schema has; anything else in one is refused. Patterns are left out: its expressions are not JavaScript's. */
const kept = [
  'title',
  'description',
  'nullable',
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
] as const;

const formats: Record<string, readonly string[]> = {
  string: ['date-time'],
  integer: ['int32', 'int64'],
  number: ['float', 'double'],
};

/** A schema that refers to itself is followed this far. */
const deepest = 12;

/** A JSON schema as Gemini takes it: references put in place, alternatives as anyOf, null as nullable. */
export const geminiSchema = (schema: Schema): Schema => convert(schema, schema, 0);

function convert(given: Schema, root: Schema, depth: number): Schema {
  const { anyOf, oneOf, allOf: _done, ...schema } = merged(given, root);
  const choices = choicesOf(schema, (anyOf ?? oneOf) as Schema[] | undefined, root);
  if (choices && depth < deepest) {
    const options = choices.filter(({ type }) => type !== 'null').map((option) => convert(option, root, depth + 1));
    const { description } = schema;
    return {
      ...(options.length === 1 ? options[0] : { anyOf: options }),
      ...(description !== undefined && { description }),
      ...(options.length < choices.length && { nullable: true }),
    };
  }
  const kind = typeOf(schema);
  const result: Schema = { type: kind };
  for (const key of kept) if (schema[key] !== undefined) result[key] = schema[key];
  const format = schema['format'];
  if (typeof format === 'string' && formats[kind]?.includes(format)) result['format'] = format;
  const values = valuesOf(schema);
  // only texts may be listed
  if (values && kind === 'string') Object.assign(result, { format: 'enum', enum: values.map(String) });
  else if (values) result['description'] = [schema['description'], `One of: ${values.join(', ')}.`].filter(Boolean).join(' ');
  if (kind === 'array')
    result['items'] = depth < deepest ? convert((schema['items'] ?? {}) as Schema, root, depth + 1) : { type: 'string' };
  if (kind === 'object' && depth < deepest) Object.assign(result, propertiesOf(schema, root, depth));
  return result;
}

function propertiesOf(schema: Schema, root: Schema, depth: number): Schema {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
  if (properties.length === 0) return {};
  const required = ((schema['required'] ?? []) as string[]).filter((name) => properties.some(([known]) => known === name));
  return {
    properties: Object.fromEntries(properties.map(([name, property]) => [name, convert(property, root, depth + 1)])),
    ...(required.length > 0 && { required }),
  };
}

/** The schema with what it refers to and all that must hold at once put into it. */
function merged(schema: Schema, root: Schema): Schema {
  let all = schema;
  for (let depth = 0; typeof all['$ref'] === 'string' && depth < deepest; depth++) {
    const { $ref, ...own } = all;
    all = { ...at(root, $ref as string), ...own };
  }
  for (const part of (all['allOf'] ?? []) as Schema[]) {
    const { properties, required, ...rest } = merged(part, root);
    all = {
      ...rest,
      ...all,
      ...(properties !== undefined && { properties: { ...(properties as Schema), ...(all['properties'] as Schema) } }),
      ...(required !== undefined && { required: [...((all['required'] ?? []) as string[]), ...(required as string[])] }),
    };
  }
  return all;
}

const at = (root: Schema, ref: string): Schema =>
  ref
    .replace(/^#\/?/, '')
    .split('/')
    .filter(Boolean)
    .reduce<Schema>((inside, name) => (inside[name.replaceAll('~1', '/').replaceAll('~0', '~')] ?? {}) as Schema, root);

/** What a value may be, when it may be one thing or another. */
function choicesOf(schema: Schema, told: Schema[] | undefined, root: Schema): Schema[] | undefined {
  if (told) return told.map((choice) => merged(choice, root));
  const { type } = schema;
  return Array.isArray(type) ? type.map((one) => ({ ...schema, type: one, description: undefined })) : undefined;
}

const valuesOf = (schema: Schema): unknown[] | undefined =>
  'const' in schema ? [schema['const']] : (schema['enum'] as unknown[] | undefined)?.filter((value) => value !== null);

function typeOf(schema: Schema): string {
  if (typeof schema['type'] === 'string') return schema['type'];
  if (schema['properties']) return 'object';
  if (schema['items']) return 'array';
  const [value] = valuesOf(schema) ?? [];
  return typeof value === 'number' || typeof value === 'boolean' ? typeof value : 'string';
}
