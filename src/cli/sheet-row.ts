/** One thing that the two sides have to know of each other. */
export interface SheetRow {
  readonly what: string;
  /** Empty: to be agreed. */
  readonly values: readonly string[];
  readonly note?: string;
}

export interface SheetSection {
  readonly title: string;
  readonly rows: readonly SheetRow[];
}

export function row(what: string, values: readonly (string | undefined)[], note?: string | undefined): SheetRow {
  return { what, values: values.filter((one) => one !== undefined), ...(note !== undefined && { note }) };
}
