/** Something readonly while it is being made: what may be absent is set where there is one, which is cheaper than to spread it in. */
export type Open<T> = { -readonly [Key in keyof T]: T[Key] };
