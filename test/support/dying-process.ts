/** A process that ends at once with the status of its first argument. */
process.exit(Number(process.argv[2]));
