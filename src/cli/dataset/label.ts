export async function label(_dir: string, _options: object): Promise<void> {}
