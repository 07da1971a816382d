export async function importImages(_csv: string, _dir: string, _options: object): Promise<void> {}
