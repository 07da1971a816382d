export async function importRsna(_csv: string, _dir: string | undefined, _options: object): Promise<void> {}
